-- Resolves the citations, after everything else. Pandoc's versions differ in how they set titles,
-- order and terms, so a build that must not depend on the renderer names its pandoc in
-- CASEBOOK_PANDOC; a plain `quarto render` uses its own.

local PROGRAM = os.getenv("CASEBOOK_PANDOC")

local function resolved(doc)
  if not PROGRAM then return pandoc.utils.citeproc(doc) end
  local arguments = { "--from", "json", "--to", "json", "--citeproc" }
  return pandoc.read(pandoc.pipe(PROGRAM, arguments, pandoc.write(doc, "json")), "json")
end

-- Typst would resolve citations itself; the other writers print what stands in them.
local function settled(cite)
  if FORMAT:match("^typst") then return cite.content end
end

function Pandoc(doc)
  return resolved(doc):walk { Cite = settled }
end
