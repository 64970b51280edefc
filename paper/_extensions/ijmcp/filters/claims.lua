-- On the page a number links to its row in the ledger of claims; in print it is plain text. Comes
-- after Quarto's shortcodes, which print the numbers.

if FORMAT:match("^html") then return {} end

local function plain(link)
  if link.classes:includes("claim") then return link.content end
end

function Pandoc(doc)
  return doc:walk { Link = plain }
end
