-- Resolves the citations, after everything else, unless whoever renders has done it, for all
-- formats at once.
--
-- Pandoc's versions differ in how they set titles, formulas and lists. So a build that must not
-- depend on the renderer's own pandoc names a file in CASEBOOK_TREE: the document goes there as it
-- is by now, for a pandoc of the build to write. A plain `quarto render` uses Quarto's.

local TREE = os.getenv("CASEBOOK_TREE")

-- Quarto's later programs take such blocks away, which hold notes of its own.
local function is_note(block)
  return block.t == "Div" and block.classes:includes("hidden")
end

local function hand_over(doc)
  doc.blocks = doc.blocks:filter(function(block) return not is_note(block) end)
  local file = assert(io.open(TREE, "w"))
  file:write(pandoc.write(doc, "json"))
  file:close()
  return pandoc.Pandoc({}, doc.meta)
end

-- Quarto 1.10.18 hands the paths of bibliographies to Typst as raw text, which no processor of
-- citations reads.
local function plain_path(value)
  local raw = pandoc.utils.type(value) == "Inlines" and value[1]
  return raw and raw.t == "RawInline" and raw.text or value
end

local function plain_paths(value)
  return pandoc.utils.type(value) == "List" and value:map(plain_path) or plain_path(value)
end

local function resolved(doc)
  doc.meta.bibliography = plain_paths(doc.meta.bibliography)
  return pandoc.utils.citeproc(doc)
end

-- Typst would guess anew which way a quotation mark faces (and guess wrong after an ellipsis), so
-- the marks that pandoc and the citation style have set reach it as the glyphs that they are.

local MARKS = "()(\xE2\x80[\x98\x99\x9C\x9D])()" -- ‘ ’ “ ”
local PAIRS = { SingleQuote = { "‘", "’" }, DoubleQuote = { "“", "”" } }

local function glyph(mark)
  return pandoc.RawInline("typst", mark)
end

local function literal(text)
  if not text:find("\xE2\x80", 1, true) then return nil end
  local result, start = pandoc.Inlines {}, 1
  for first, mark, following in text:gmatch(MARKS) do
    if first > start then result:insert(pandoc.Str(text:sub(start, first - 1))) end
    result:insert(glyph(mark))
    start = following
  end
  if start == 1 then return nil end
  if start <= #text then result:insert(pandoc.Str(text:sub(start))) end
  return result
end

local function quoted(element)
  local pair = PAIRS[tostring(element.quotetype)]
  local result = pandoc.Inlines { glyph(pair[1]) }
  result:extend(element.content)
  result:insert(glyph(pair[2]))
  return result
end

-- The record's facts are plain strings, which no walk comes by.
local function literal_facts(value)
  local kind = pandoc.utils.type(value)
  if kind == "string" then return literal(value) or value end
  if kind ~= "table" and kind ~= "List" then return value end
  for key, inner in pairs(value) do value[key] = literal_facts(inner) end
  return value
end

local TYPST = {
  -- Typst would resolve citations itself; the other writers print what stands in them.
  Cite = function(cite) return cite.content end,
  Str = function(str) return literal(str.text) end,
  Quoted = quoted,
}

function Pandoc(doc)
  if TREE then return hand_over(doc) end
  if not doc.meta["citations-resolved"] then doc = resolved(doc) end
  if not FORMAT:match("^typst") then return doc end
  if doc.meta.front then doc.meta.front = literal_facts(doc.meta.front) end
  return doc:walk(TYPST)
end
