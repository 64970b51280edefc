-- Resolves the citations. Pandoc's versions differ in how they set titles, order and terms, so
-- a build that must not depend on the renderer names its pandoc in CASEBOOK_PANDOC; a plain
-- `quarto render` uses its own. Citations leave as plain text and links: nothing later may
-- resolve them a second time.

local PROGRAM = os.getenv("CASEBOOK_PANDOC")

local function resolved(doc)
  if not PROGRAM then return pandoc.utils.citeproc(doc) end
  local arguments = { "--from", "json", "--to", "json", "--citeproc" }
  return pandoc.read(pandoc.pipe(PROGRAM, arguments, pandoc.write(doc, "json")), "json")
end

local function settled(cite)
  if not FORMAT:match("^html") then return cite.content end
  local keys = cite.citations:map(function(citation) return citation.id end)
  return pandoc.Span(cite.content, { class = "citation", ["data-cites"] = table.concat(keys, " ") })
end

function Pandoc(doc)
  return resolved(doc):walk { Cite = settled }
end
