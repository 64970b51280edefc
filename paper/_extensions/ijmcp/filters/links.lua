-- Links that only a page can follow: from a number to its row in the ledger of claims, and to the
-- pages beside the article. The other formats print their text. Comes after Quarto's shortcodes,
-- which print the numbers.

if FORMAT:match("^html") then return {} end

local function text_of(link)
  if link.classes:includes("claim") or link.target:match("^[%w_-]+%.html") then return link.content end
end

function Pandoc(doc)
  return doc:walk { Link = text_of }
end
