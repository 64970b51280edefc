-- Numbers sections, figures, tables and equations and resolves the references to them.
--
-- Runs before Quarto's own filters, and the same in plain pandoc. What has a form of its own leaves
-- this filter as a Div of class `ijmcp-figure`, `ijmcp-table` and so on, with the attributes `label`
-- ("Figure") and `number` ("2" or "A1") where it is numbered, and its caption or title as its first
-- block; `write.lua` prints it. References become Links of class `xref`.

local stringify = pandoc.utils.stringify

local NAMES = {
  fig = "Figure", tbl = "Table", eq = "Equation", sec = "Section", lst = "Listing",
  thm = "Theorem", lem = "Lemma", cor = "Corollary", prp = "Proposition", cnj = "Conjecture",
  def = "Definition", exm = "Example", exr = "Exercise", sol = "Solution", rem = "Remark",
  alg = "Algorithm",
  nte = "Note", tip = "Tip", wrn = "Warning", imp = "Important", cau = "Caution",
}
-- Blocks with a label in front of their first words; without an identifier they have no number.
local STATEMENTS = pandoc.List { "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg" }
local UNNUMBERED = { proof = "Proof", remark = "Remark", solution = "Solution" }
local CALLOUTS = { note = "nte", tip = "tip", warning = "wrn", important = "imp", caution = "cau" }
local NBSP = "\u{a0}"

local targets = {}   -- identifier -> { label = "Figure", number = "1" }
local counts = {}    -- kind -> how many there are so far
local levels = {}
local appendix = nil -- letter of the appendix we are in
local appendices = 0
local image_ending = nil -- of pandoc's option, which plain pandoc hands on as metadata

-- Quarto puts a printer in the place of `error`, which lets a wrong page pass; `assert` ends every
-- version of it, and pandoc.
local function fail(message)
  assert(false, "RenderError: " .. message)
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
  counts[kind] = (counts[kind] or 0) + 1
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
  counts = {}
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

local function block(class, content, identifier, attributes)
  return pandoc.Div(content, pandoc.Attr(identifier or "", { "ijmcp-" .. class }, attributes or {}))
end

local CLASSES = { fig = "figure", tbl = "table", eq = "equation", lst = "listing" }

-- What is numbered, under its label; the first block is its caption.
local function float(kind, identifier, attributes, content)
  attributes.label, attributes.number = NAMES[kind], next_number(kind)
  register(identifier, attributes.label, attributes.number)
  return block(CLASSES[kind] or "statement", content, identifier, attributes)
end

-- Word takes the pixels that lie beside a drawing.
local function source_of(image)
  local has_ending = image.src:match("%.[^/.]+$") or not image_ending
  local source = has_ending and image.src or image.src .. "." .. image_ending
  return FORMAT:match("^docx") and source:gsub("%.svg$", ".png") or source
end

-- A share of the text; pixels, as cells give them, mean nothing in print.
local function width_of(image)
  local width = image.attributes.width
  return width and width:match("^[%d.]+%%$")
end

local function alternative_text(image)
  return image.attributes["fig-alt"] or image.attributes.alt
end

-- The image of a figure; one without a caption is no figure to pandoc, but a paragraph.
local function image_of(element)
  local image = nil
  if element.t == "Figure" then
    element:walk { Image = function(found) image = found end }
  elseif element.t == "Para" and #element.content == 1 and element.content[1].t == "Image" then
    image = element.content[1]
  end
  return image
end

local function identifier_of(element, image)
  local own = element.t == "Figure" and element.identifier or ""
  return own ~= "" and own or image.identifier
end

local function picture(image, name)
  local alt = alternative_text(image)
  if not alt then fail("figure " .. name .. " has no fig-alt") end
  return { src = source_of(image), alt = alt, width = width_of(image) }
end

local function caption_of(element)
  return element.t == "Figure" and pandoc.utils.blocks_to_inlines(element.caption.long) or element.content[1].caption
end

local function number_figure(figure)
  local image = image_of(figure)
  local identifier = identifier_of(figure, image)
  if kind_of(identifier) ~= "fig" then fail("figure " .. image.src .. " has no label #fig-…") end
  return float("fig", identifier, picture(image, "#" .. identifier), { pandoc.Plain(caption_of(figure)) })
end

-- The last paragraph of a block is its caption.
local function split_caption(div)
  local last = div.content[#div.content]
  if not (last and last.t == "Para" and not image_of(last)) or #div.content < 2 then
    fail("#" .. div.identifier .. " ends without a caption in a paragraph of its own")
  end
  return last.content, pandoc.Blocks { table.unpack(div.content, 1, #div.content - 1) }
end

-- The one thing that a block shows, and its caption.
local function split_block(div, kind, noun)
  local caption, content = split_caption(div)
  if #content ~= 1 or content[1].t ~= kind then
    fail("#" .. div.identifier .. " holds something else than " .. noun .. " and a caption")
  end
  return content[1], caption
end

-- One image with a label of its own, "(a)", in a figure of several.
local function number_part(element, position, whole)
  local image = image_of(element)
  if not image then fail("#" .. whole.identifier .. " holds something else than images and a caption") end
  local attributes = picture(image, "of #" .. whole.identifier)
  attributes.number = string.char(string.byte("a") + position - 1)
  local identifier = identifier_of(element, image)
  register(identifier, NAMES.fig, whole.attributes.number .. attributes.number)
  if identifier ~= "" then targets[identifier].is_part = true end
  return block("part", { pandoc.Plain(caption_of(element)) }, identifier, attributes)
end

local function number_figures(div)
  local caption, images = split_caption(div)
  if #images == 1 and not div.attributes["layout-ncol"] then
    local image = image_of(images[1])
    if not image then fail("#" .. div.identifier .. " holds something else than images and a caption") end
    return float("fig", div.identifier, picture(image, "#" .. div.identifier), { pandoc.Plain(caption) })
  end
  local columns = div.attributes["layout-ncol"] or "1"
  local whole = float("fig", div.identifier, { columns = columns }, { pandoc.Plain(caption) })
  for position, element in ipairs(images) do
    whole.content:insert(number_part(element, position, whole))
  end
  return whole
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

local function table_float(tbl, identifier, declared, classes, caption)
  local widths = column_widths(declared, #tbl.colspecs, identifier)
  if widths then
    tbl.colspecs = tbl.colspecs:map(function(spec, position) return { spec[1], widths[position] } end)
  end
  local style = {}
  for _, class in ipairs { "small", "wide" } do
    if classes(class) then style[class] = "true" end
  end
  tbl.caption = { long = {} }
  tbl.attr = pandoc.Attr()
  return float("tbl", identifier, style, { pandoc.Plain(caption), tbl })
end

local function number_table(tbl)
  local caption, tail = caption_attributes(pandoc.utils.blocks_to_inlines(tbl.caption.long))
  local identifier = tbl.identifier ~= "" and tbl.identifier or tail:match("{#(tbl%-[%w%-_]+)")
  if kind_of(identifier) ~= "tbl" then
    fail("table '" .. stringify(caption):sub(1, 60) .. "' has no label {#tbl-…}")
  end
  local declared = tbl.attributes["tbl-colwidths"] or tail:match("tbl%-colwidths=[^%[]*(%b[])")
  return table_float(tbl, identifier, declared, function(class)
    return tbl.classes:includes(class) or tail:match("%." .. class .. "%f[%W]")
  end, caption)
end

local function number_table_block(div)
  local tbl, caption = split_block(div, "Table", "a table")
  return table_float(tbl, div.identifier, div.attributes["tbl-colwidths"], function(class)
    return div.classes:includes(class)
  end, caption)
end

local function labelled_equation(inlines)
  local math = inlines[1]
  if not (math and math.t == "Math" and math.mathtype == "DisplayMath") then return nil end
  local tail = stringify(pandoc.Inlines { table.unpack(inlines, 2) })
  local identifier = tail:match("^%s*{#(eq%-[%w%-_]+)}%s*$")
  return identifier and float("eq", identifier, {}, { pandoc.Plain { math } }) or nil
end

-- Code ----------------------------------------------------------------------------------------

-- What would be coloured, numbered or annotated by some renderers is plain in all of them.
local function plain_code(code)
  local language = FORMAT:match("^typst") and {} or { code.classes[1] }
  return pandoc.CodeBlock(code.text, pandoc.Attr("", language))
end

local function number_code(code)
  local caption, file = code.attributes["lst-cap"], code.attributes.filename
  local result = pandoc.Blocks {}
  if file then result:insert(pandoc.Para { pandoc.Code(file) }) end
  result:insert(plain_code(code))
  if kind_of(code.identifier) ~= "lst" then return result end
  if not caption then fail("listing #" .. code.identifier .. " has no lst-cap") end
  result:insert(1, pandoc.Plain { pandoc.Str(caption) })
  return float("lst", code.identifier, {}, result)
end

local function number_listing(div)
  local code, caption = split_block(div, "CodeBlock", "code")
  return float("lst", div.identifier, {}, { pandoc.Plain(caption), plain_code(code) })
end

-- Callouts, statements, tabs -------------------------------------------------------------------

-- The heading that a block begins with is its title, and no section.
local function take_title(div)
  local first = div.content[1]
  if not (first and first.t == "Header") then return pandoc.Inlines {} end
  div.content:remove(1)
  return first.content
end

local function statement_of(div)
  local kind = kind_of(div.identifier)
  if kind and STATEMENTS:includes(kind) then return kind, NAMES[kind] end
  for class, name in pairs(UNNUMBERED) do
    if div.classes:includes(class) then return nil, name end
  end
end

local function number_statement(div, kind, name)
  local title = div.attributes.name and pandoc.Inlines { pandoc.Str(div.attributes.name) } or take_title(div)
  local content = pandoc.Blocks { pandoc.Plain(title) }
  content:extend(div.content)
  if kind then return float(kind, div.identifier, {}, content) end
  return block("statement", content, "", { label = name })
end

local function callout_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%l+)$")
    if kind and CALLOUTS[kind] then return kind end
  end
end

local function number_callout(div, kind)
  local title = div.attributes.title and pandoc.Inlines { pandoc.Str(div.attributes.title) } or take_title(div)
  local attributes = { kind = kind, label = NAMES[CALLOUTS[kind]] }
  if div.identifier ~= "" then
    attributes.number = next_number(CALLOUTS[kind])
    register(div.identifier, attributes.label, attributes.number)
  end
  local content = pandoc.Blocks { pandoc.Plain(title) }
  content:extend(div.content)
  return block("callout", content, div.identifier, attributes)
end

-- Each heading opens a tab.
local function split_tabs(div)
  local tabs = pandoc.Blocks {}
  for _, element in ipairs(div.content) do
    if element.t == "Header" then
      tabs:insert(block("tab", { pandoc.Plain(element.content) }))
    elseif #tabs == 0 then
      fail("a .panel-tabset begins without a heading")
    else
      tabs[#tabs].content:insert(element)
    end
  end
  return block("tabset", tabs)
end

-- Page breaks ----------------------------------------------------------------------------------

-- The shortcode as Quarto's reader leaves it, alone in its paragraph.
local function is_page_break(para)
  local span = #para.content == 1 and para.content[1]
  local raw = span and span.t == "Span" and span.attributes["data-raw"]
  return raw and raw:match("^{{<%s*pagebreak%s*>}}$")
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
  local class = target.is_part and "xref part" or "xref"
  return pandoc.Link({ pandoc.Str(shown) }, "#" .. identifier, "", { class = class })
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

local BLOCKS = { fig = number_figures, tbl = number_table_block, lst = number_listing }

-- What a Div is besides conditional content; its own content is numbered after it.
local function number_div(div)
  local number = BLOCKS[kind_of(div.identifier)]
  if number then return number(div), false end
  local kind, name = statement_of(div)
  if name then return number_statement(div, kind, name) end
  local callout = callout_of(div)
  if callout then return number_callout(div, callout) end
  if div.classes:includes("panel-tabset") then return split_tabs(div) end
  -- What Quarto has run leaves its code and output where the cell stood.
  if (div.classes[1] or ""):match("^cell") then return div.content:walk(blocks), false end
end

local shown_block = shown(blocks)

blocks.Div = function(div)
  local content, goes_on = shown_block(div)
  if content then return content, goes_on end
  return number_div(div)
end
blocks.Header = number_header
blocks.Figure = function(figure) return number_figure(figure), false end
blocks.Table = function(tbl) return number_table(tbl), false end
blocks.CodeBlock = function(code) return number_code(code), false end
blocks.Para = function(para)
  if is_page_break(para) then return block("page-break", {}), false end
  if image_of(para) then return number_figure(para), false end
  return labelled_equation(para.content)
end
inlines.Span = shown(inlines)
inlines.Cite = resolve
inlines.Image = function(image)
  local alt = alternative_text(image) or stringify(image.caption)
  if alt == "" then fail("image " .. image.src .. " in a text has no words in its brackets") end
  return pandoc.Image({ pandoc.Str(alt) }, source_of(image), "", { width = width_of(image) }), false
end

function Pandoc(doc)
  local option = doc.meta["default-image-extension"]
  image_ending = option and stringify(option)
  doc.blocks = doc.blocks:walk(blocks)
  return doc:walk(inlines)
end
