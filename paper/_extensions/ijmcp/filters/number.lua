-- Numbers sections, figures, tables and equations and resolves the references to them.
--
-- Runs before Quarto's own filters, and the same in plain pandoc. Floats leave this filter as
-- Divs of class `ijmcp-figure`, `ijmcp-table` and `ijmcp-equation` with the attributes `label`
-- ("Figure"), `number` ("2" or "A1") and, for tables, the widths; `write.lua` prints them.
-- References become Links of class `xref`.

local stringify = pandoc.utils.stringify

local NAMES = { fig = "Figure", tbl = "Table", eq = "Equation", sec = "Section" }
local NBSP = "\u{a0}"

local targets = {}   -- identifier -> { label = "Figure", number = "1" }
local counts = { fig = 0, tbl = 0, eq = 0 }
local levels = {}
local appendix = nil -- letter of the appendix we are in
local appendices = 0
local image_ending = nil -- of pandoc's option, which plain pandoc hands on as metadata

local function fail(message)
  error("RenderError: " .. message, 0)
end

local function kind_of(identifier)
  local kind = identifier and identifier:match("^(%l+)%-.")
  return NAMES[kind] and kind or nil
end

-- Quarto reads "@Fig-x" at the start of a sentence as "@fig-x".
local function plain_key(identifier)
  return (identifier:gsub("^%u", string.lower))
end

local function register(identifier, label, number)
  if identifier == "" then return end
  if targets[identifier] then fail("the label #" .. identifier .. " is used twice") end
  targets[identifier] = { label = label, number = number }
end

local function next_number(kind)
  counts[kind] = counts[kind] + 1
  return (appendix or "") .. counts[kind]
end

-- Conditional content ------------------------------------------------------------------------

local FORMATS = {
  html = { "html" }, typst = { "typst", "pdf" }, docx = { "docx" }, jats = { "jats" },
}

local function is_format(name)
  for stem, names in pairs(FORMATS) do
    if FORMAT:match("^" .. stem) then return pandoc.List(names):includes(name) end
  end
  return false
end

local function conditional(element)
  local visible = element.classes:includes("content-visible")
  local hidden = element.classes:includes("content-hidden")
  if not visible and not hidden then return nil end
  local met = true
  local when, unless = element.attributes["when-format"], element.attributes["unless-format"]
  if when then met = met and is_format(when) end
  if unless then met = met and not is_format(unless) end
  return (visible == met) and element.content or element.content:filter(function() end)
end

-- Sections -----------------------------------------------------------------------------------

local function letter(position)
  return string.char(string.byte("A") + position - 1)
end

local function open_appendix()
  appendices = appendices + 1
  appendix = letter(appendices)
  counts.fig, counts.tbl, counts.eq = 0, 0, 0
  levels = {}
end

local function section_number(level)
  levels[level] = (levels[level] or 0) + 1
  for deeper = level + 1, 6 do levels[deeper] = nil end
  local parts = pandoc.List()
  for depth = 1, level do parts:insert(tostring(levels[depth] or 0)) end
  if appendix then parts[1] = appendix end
  return table.concat(parts, ".")
end

local function number_header(header)
  local label = "Section"
  header.content = header.content:walk { Span = conditional }
  if header.level == 1 and header.classes:includes("appendix") then
    open_appendix()
  elseif header.level == 1 and appendix and not header.classes:includes("unnumbered") then
    fail("section '" .. stringify(header) .. "' follows an appendix: give it the class .appendix")
  end
  if header.classes:includes("unnumbered") then
    targets[header.identifier] = { label = stringify(header.content), number = nil }
    return header
  end
  local number = section_number(header.level)
  if appendix then label = "Appendix" end
  register(header.identifier, label, number)
  header.classes = header.classes:filter(function(class) return class ~= "appendix" end)
  local shown = number
  if appendix and header.level == 1 then
    header.classes:insert("appendix-heading")
    shown = "Appendix" .. NBSP .. number .. "."
  end
  header.attributes.number = number
  header.content:insert(1, pandoc.Space())
  header.content:insert(1, pandoc.Span({ pandoc.Str(shown) }, { class = "header-section-number" }))
  return header
end

-- Figures, tables, equations -----------------------------------------------------------------

local function float(kind, identifier, attributes, content)
  local number = next_number(kind)
  register(identifier, NAMES[kind], number)
  attributes.label, attributes.number = NAMES[kind], number
  local class = ({ fig = "ijmcp-figure", tbl = "ijmcp-table", eq = "ijmcp-equation" })[kind]
  return pandoc.Div(content, pandoc.Attr(identifier, { class }, attributes))
end

local function number_figure(figure)
  local image = nil
  figure:walk { Image = function(found) image = found end }
  local identifier = figure.identifier ~= "" and figure.identifier or image.identifier
  if kind_of(identifier) ~= "fig" then fail("figure " .. image.src .. " has no label #fig-…") end
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if not alt then fail("figure #" .. identifier .. " has no fig-alt") end
  local has_ending = image.src:match("%.[^/.]+$") or not image_ending
  local picture = pandoc.Image({}, has_ending and image.src or image.src .. "." .. image_ending)
  picture.attributes.width = image.attributes.width
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  return float("fig", identifier, { alt = alt }, { pandoc.Plain { picture }, pandoc.Plain(caption) })
end

-- Splits "Caption {#tbl-x .small tbl-colwidths=\"[1,2]\"}" (readers differ in whether they
-- take the attributes off) into inlines and the attributes.
local function caption_attributes(inlines)
  local start = nil
  for position, inline in ipairs(inlines) do
    if inline.t == "Str" and inline.text:match("^{#tbl%-") then start = position end
  end
  if not start then return inlines, "" end
  local caption, tail = pandoc.Inlines {}, pandoc.Inlines {}
  for position, inline in ipairs(inlines) do
    if position < start then caption:insert(inline) else tail:insert(inline) end
  end
  while #caption > 0 and (caption[#caption].t == "Space" or caption[#caption].t == "SoftBreak") do
    caption:remove()
  end
  return caption, stringify(tail)
end

local function column_widths(declared, count, identifier)
  if not declared then return nil end
  local widths, total = pandoc.List(), 0
  for value in declared:gmatch("[%d%.]+") do
    widths:insert(tonumber(value))
    total = total + tonumber(value)
  end
  if #widths ~= count then
    fail("#" .. identifier .. ": tbl-colwidths has " .. #widths .. " values for " .. count .. " columns")
  end
  return widths:map(function(width) return width / total end)
end

local function number_table(tbl)
  local caption, tail = caption_attributes(pandoc.utils.blocks_to_inlines(tbl.caption.long))
  local identifier = tbl.identifier ~= "" and tbl.identifier or tail:match("{#(tbl%-[%w%-_]+)")
  if kind_of(identifier) ~= "tbl" then
    fail("table '" .. stringify(caption):sub(1, 60) .. "' has no label {#tbl-…}")
  end
  local widths = column_widths(tbl.attributes["tbl-colwidths"] or tail:match("tbl%-colwidths=[^%[]*(%b[])"),
                               #tbl.colspecs, identifier)
  if widths then
    tbl.colspecs = tbl.colspecs:map(function(spec, position) return { spec[1], widths[position] } end)
  end
  local style = {}
  for _, class in ipairs { "small", "wide" } do
    if tbl.classes:includes(class) or tail:match("%." .. class .. "%f[%W]") then style[class] = "true" end
  end
  tbl.caption = { long = {} }
  tbl.attr = pandoc.Attr()
  return float("tbl", identifier, style, { pandoc.Plain(caption), tbl })
end

local function labelled_equation(inlines)
  local math = inlines[1]
  if not (math and math.t == "Math" and math.mathtype == "DisplayMath") then return nil end
  local tail = stringify(pandoc.Inlines { table.unpack(inlines, 2) })
  local identifier = tail:match("^%s*{#(eq%-[%w%-_]+)}%s*$")
  return identifier and float("eq", identifier, {}, { pandoc.Plain { math } }) or nil
end

-- References ---------------------------------------------------------------------------------

local function target_of(identifier)
  local target = targets[identifier]
  if not target then fail("the reference @" .. identifier .. " has no target") end
  return target
end

local function reference(citation)
  local identifier = plain_key(citation.id)
  local target = target_of(identifier)
  local shown
  if not target.number then
    shown = target.label
  elseif citation.mode == "SuppressAuthor" then
    shown = target.number
  elseif #citation.prefix > 0 then
    shown = stringify(citation.prefix) .. NBSP .. target.number
  else
    shown = target.label .. NBSP .. target.number
  end
  return pandoc.Link({ pandoc.Str(shown) }, "#" .. identifier, "", { class = "xref" })
end

local function resolve(cite)
  local references = cite.citations:filter(function(citation)
    return kind_of(plain_key(citation.id)) ~= nil
  end)
  if #references == 0 then return nil end
  if #references < #cite.citations then
    fail("[" .. stringify(cite) .. "] mixes sources and cross-references")
  end
  local result = pandoc.Inlines {}
  for position, citation in ipairs(references) do
    if position > 1 then
      result:insert(pandoc.Str(position == #references and " and " or ", "))
    end
    result:insert(reference(citation))
    result:extend(citation.suffix)
  end
  return result
end

-- Two walks, blocks first: a reference may point forward. Both go from the outside inwards, so
-- that what is hidden is neither numbered nor resolved. Every walk takes time, so there are no more.

local blocks, inlines = { traverse = "topdown" }, { traverse = "topdown" }

local function shown(filter)
  return function(element)
    local content = conditional(element)
    if content then return content:walk(filter), false end
  end
end

blocks.Div = shown(blocks)
blocks.Header = number_header
blocks.Figure = function(figure) return number_figure(figure), false end
blocks.Table = function(tbl) return number_table(tbl), false end
blocks.Para = function(para) return labelled_equation(para.content) end
inlines.Span = shown(inlines)
inlines.Cite = resolve

function Pandoc(doc)
  local option = doc.meta["default-image-extension"]
  image_ending = option and stringify(option)
  doc.blocks = doc.blocks:walk(blocks)
  return doc:walk(inlines)
end
