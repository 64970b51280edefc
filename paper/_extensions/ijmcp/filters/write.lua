-- Prints figures, tables, equations and callouts in the language of the output format.
--
-- Everything that pandoc's writers, or Quarto's filters, do differently from version to version
-- is written here, so that the result does not depend on who renders. Prose inside captions
-- and cells stays in the document tree: citations and shortcodes in it may be resolved later.

local stringify = pandoc.utils.stringify

local FORMAT_NAME = ({ html = "html", typst = "typst", docx = "openxml", jats = "jats" })[
  FORMAT:match("^%l+")]
local NBSP = "\u{a0}"

-- Escapes ------------------------------------------------------------------------------------

local function xml(value)
  return (value:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local function typst_string(value)
  return '"' .. value:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", " ") .. '"'
end

-- A stream of raw markup with prose between: raw("<td>"), prose(blocks), raw("</td>").
-- Where it can it is one line, so that no writer puts paragraphs into it; pandoc's JATS writer
-- makes a paragraph of every line, so there each piece is a block (`finish` unwraps them).
-- Markup is kept as text until prose follows: every element costs time in all that comes after.

local Stream = {}
Stream.__index = Stream

local function stream()
  return setmetatable({ blocks = pandoc.Blocks {}, line = pandoc.Inlines {}, markup = {} }, Stream)
end

function Stream:raw(markup)
  table.insert(self.markup, markup)
  return self
end

function Stream:inlines(inlines)
  self:put_markup()
  self.line:extend(inlines)
  return self
end

function Stream:put_markup()
  if #self.markup == 0 then return end
  local markup = table.concat(self.markup)
  self.markup = {}
  if FORMAT_NAME == "jats" then
    self:put_line()
    self.blocks:insert(pandoc.RawBlock("jats", markup))
  else
    self.line:insert(pandoc.RawInline(FORMAT_NAME, markup))
  end
end

function Stream:put_line()
  if #self.line > 0 then
    self.blocks:insert(FORMAT_NAME == "jats" and pandoc.Para(self.line) or pandoc.Plain(self.line))
  end
  self.line = pandoc.Inlines {}
end

function Stream:flush()
  self:put_markup()
  self:put_line()
end

-- What another stream holds.
function Stream:stream(other)
  self:put_markup()
  self.line:extend(other.line)
  self.markup = other.markup
  return self
end

-- Blocks as they are, between markup.
function Stream:content(blocks)
  self:flush()
  self.blocks:extend(blocks)
  return self
end

function Stream:prose(blocks)
  if #blocks == 0 then return self end
  if #blocks == 1 and (blocks[1].t == "Plain" or blocks[1].t == "Para") then
    return self:inlines(blocks[1].content)
  end
  self:flush()
  self.blocks:extend(blocks)
  return self
end

function Stream:done()
  self:flush()
  return self.blocks
end

-- Tables, read once for all formats ----------------------------------------------------------

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

local function is_empty(contents)
  return #contents == 0 or (#contents == 1 and #(contents[1].content or { 1 }) == 0)
end

-- A row with nothing but bold text in its first cell heads the rows below it.
local function heads_a_group(cells)
  if #cells < 2 or #cells[1].contents ~= 1 then return false end
  local block = cells[1].contents[1]
  if block.t ~= "Plain" and block.t ~= "Para" then return false end
  local content = block.content
  if #content ~= 1 or content[1].t ~= "Strong" then return false end
  for position = 2, #cells do
    if not is_empty(cells[position].contents) then return false end
  end
  return true
end

-- Asking takes less time than a walk, and most cells are nothing but text.
local function is_text(contents)
  local block = #contents == 1 and contents[1]
  return block and block.t == "Plain" and not block.content:find_if(function(inline)
    return inline.t ~= "Str" and inline.t ~= "Space"
  end)
end

-- Spans that have nothing but an identifier: labels of rows, until the table is written, and places
-- in the text that a link may lead to.
local places = 0

-- A span with a label in the first cell labels the row: the contents without it, and the label.
local function split_label(contents)
  if is_text(contents) then return contents, nil end
  local label = nil
  local plain = contents:walk { Span = function(span)
    if span.identifier == "" then return nil end
    label, places = span.identifier, places - 1
    return span.content
  end }
  return plain, label
end

local function read_cells(row, columns)
  local cells, column = pandoc.List(), 1
  for _, cell in ipairs(row.cells) do
    local read = { contents = cell.contents, colspan = 1, rowspan = 1, column = column,
                   align = columns[column].align }
    -- Asking takes time; without spans, every row has as many cells as there are columns.
    if columns.span then read.colspan, read.rowspan = cell.col_span, cell.row_span end
    cells:insert(read)
    column = column + read.colspan
  end
  return cells
end

-- A row of the body; the heading of a group spans all columns.
local function read_row(row, columns)
  local cells = read_cells(row, columns)
  if heads_a_group(cells) then
    cells = pandoc.List { cells[1] }
    cells.is_group = true
    cells[1].align, cells[1].colspan = "left", #columns
  end
  cells[1].contents, cells.label = split_label(cells[1].contents)
  return cells
end

-- -> { columns = {{align, width}}, head = {rows}, body = {rows} }
local function read_table(tbl)
  local columns = pandoc.List(tbl.colspecs):map(function(spec)
    return { align = ALIGN[tostring(spec[1])], width = spec[2] }
  end)
  local head, body = tbl.head.rows, pandoc.List()
  for _, part in ipairs(tbl.bodies) do body:extend(part.body) end
  local function has_spans(row) return #row.cells ~= #columns end
  columns.span = head:find_if(has_spans) or body:find_if(has_spans)
  return {
    columns = columns,
    head = head:map(function(row) return read_cells(row, columns) end),
    body = body:map(function(row) return read_row(row, columns) end),
  }
end

-- A citation counts as its keys, since some renderers have resolved it by now, and some have not.
local function keys_of(cite)
  local keys = cite.citations:map(function(citation) return "@" .. citation.id end)
  return pandoc.Str("[" .. table.concat(keys, "; ") .. "]")
end

-- Cells of running text need a hairline between the rows.
local function has_long_cells(data)
  local function is_long(block) return #stringify(block) > 70 end
  for _, rows in ipairs { data.head, data.body } do
    for _, row in ipairs(rows) do
      for _, cell in ipairs(row) do
        local contents = cell.contents
        if not is_text(contents) then contents = contents:walk { Cite = keys_of } end
        if contents:find_if(is_long) then return true end
      end
    end
  end
  return false
end

-- Text of a label such as "Figure 2" or "Table A1", or "Proof" where nothing is counted.
local function name_of(div)
  local number = div.attributes.number
  return div.attributes.label .. (number and NBSP .. number or "")
end

local function label_of(div)
  return name_of(div) .. "."
end

local function caption_of(div)
  return div.content[1].content
end

-- What follows the caption.
local function rest_of(div)
  return pandoc.Blocks { table.unpack(div.content, 2) }
end

-- "Note 1. What it is", "What it is", or "Note".
local function callout_title(div, label)
  local title = pandoc.Inlines {}
  if div.attributes.number then title:insert(label or pandoc.Str(label_of(div))) end
  if #title > 0 and not label and #caption_of(div) > 0 then title:insert(pandoc.Space()) end
  title:extend(caption_of(div))
  return #title > 0 and title or pandoc.Inlines { pandoc.Str(div.attributes.label) }
end

-- "Theorem 1 (Line)." or "Proof." in front of the first words.
local function with_label(div, label)
  local start = pandoc.Inlines { label or pandoc.Strong { pandoc.Str(name_of(div)) } }
  if #caption_of(div) > 0 then
    start:extend { pandoc.Str(" (") }
    start:extend(caption_of(div))
    start:extend { pandoc.Str(")") }
  end
  start:extend { pandoc.Str(". ") }
  local content = rest_of(div)
  if content[1] and content[1].t == "Para" then
    start:extend(content[1].content)
    content[1] = pandoc.Para(start)
  else
    content:insert(1, pandoc.Para(start))
  end
  return content
end

-- The heading of the longest word decides the least width where the author gave none.
local function has_widths(data)
  return data.columns[1].width ~= nil and data.columns[1].width > 0
end

-- The body's rows for HTML and JATS: each heading of a group opens a part of its own, and the
-- first cell of a row is its heading.
local function body_rows(out, data, write_cell)
  out:raw("<tbody>")
  for position, row in ipairs(data.body) do
    if row.is_group and position > 1 then out:raw("</tbody><tbody>") end
    out:raw(row.label and '<tr id="' .. row.label .. '">' or "<tr>")
    for _, cell in ipairs(row) do
      local scope = row.is_group and "rowgroup" or (cell.column == 1 and "row")
      write_cell(out, cell, scope and "th" or "td", scope and ' scope="' .. scope .. '"' or "")
    end
    out:raw("</tr>")
  end
  out:raw("</tbody>")
end

-- HTML ---------------------------------------------------------------------------------------

local html = {}

local function percent(share)
  return string.format("%.4g%%", share * 100)
end

-- Figures, and tables of many columns, scroll sideways on narrow screens (style.css).
local MANY = 6

local function html_picture(div, name)
  local picture = pandoc.Image({}, div.attributes.src, "", { alt = div.attributes.alt })
  if div.attributes.width then picture.attributes.style = "width: " .. div.attributes.width end
  return stream():raw('<div class="figure-scroll" role="group" tabindex="0" aria-label="' .. name .. '">')
    :inlines { picture }:raw("</div>")
end

local function html_identifier(div)
  return div.identifier ~= "" and ' id="' .. div.identifier .. '"' or ""
end

function html.figure(div)
  local out = stream():raw('<figure id="' .. div.identifier .. '" class="figure">')
  out:stream(html_picture(div, name_of(div)))
  return out:raw('<figcaption><span class="label">' .. label_of(div) .. "</span> ")
    :inlines(caption_of(div)):raw("</figcaption></figure>"):done()
end

function html.figures(div)
  local out = stream():raw('<figure id="' .. div.identifier .. '" class="figure"><div class="parts" style="grid-template-columns: repeat('
    .. div.attributes.columns .. ', minmax(0, 1fr))">')
  for _, part in ipairs(rest_of(div)) do
    out:raw("<figure" .. html_identifier(part) .. ' class="part">')
    out:stream(html_picture(part, name_of(div) .. part.attributes.number))
    out:raw('<figcaption><span class="label">(' .. part.attributes.number .. ")</span> ")
      :inlines(caption_of(part)):raw("</figcaption></figure>")
  end
  return out:raw('</div><figcaption><span class="label">' .. label_of(div) .. "</span> ")
    :inlines(caption_of(div)):raw("</figcaption></figure>"):done()
end

local function html_cell(out, cell, tag, scope)
  local attributes = ' class="' .. cell.align .. '"' .. scope
  if cell.colspan > 1 then attributes = attributes .. ' colspan="' .. cell.colspan .. '"' end
  if cell.rowspan > 1 then attributes = attributes .. ' rowspan="' .. cell.rowspan .. '"' end
  out:raw("<" .. tag .. attributes .. ">"):prose(cell.contents):raw("</" .. tag .. ">")
end

function html.table(div)
  local data = read_table(div.content[2])
  local classes = "table"
  for _, class in ipairs { "small", "wide" } do
    if div.attributes[class] then classes = classes .. " " .. class end
  end
  if #data.columns >= MANY then classes = classes .. " many" end
  local name = ' aria-labelledby="' .. div.identifier .. '-caption"'
  local out = stream():raw('<figure id="' .. div.identifier .. '" class="' .. classes .. '"><figcaption id="'
      .. div.identifier .. '-caption"><span class="label">' .. label_of(div) .. "</span> ")
    :inlines(div.content[1].content)
    :raw('</figcaption><div class="table-scroll" role="group" tabindex="0"' .. name .. "><table" .. name .. ">")
  if has_widths(data) then
    out:raw("<colgroup>")
    for _, column in ipairs(data.columns) do out:raw('<col style="width: ' .. percent(column.width) .. '">') end
    out:raw("</colgroup>")
  end
  out:raw("<thead>")
  for _, row in ipairs(data.head) do
    out:raw("<tr>")
    for _, cell in ipairs(row) do html_cell(out, cell, "th", ' scope="col"') end
    out:raw("</tr>")
  end
  out:raw("</thead>")
  body_rows(out, data, html_cell)
  return out:raw("</table></div></figure>"):done()
end

function html.equation(div)
  return stream():raw('<div id="' .. div.identifier .. '" class="equation">'):inlines(div.content[1].content)
    :raw('<span class="equation-number">(' .. div.attributes.number .. ")</span></div>"):done()
end

function html.callout(div)
  return stream():raw("<aside" .. html_identifier(div) .. ' class="callout callout-' .. div.attributes.kind
      .. '"><p class="callout-title">'):inlines(callout_title(div)):raw("</p>")
    :content(rest_of(div)):raw("</aside>"):done()
end

function html.statement(div)
  return stream():raw("<div" .. html_identifier(div) .. ' class="statement">')
    :content(with_label(div)):raw("</div>"):done()
end

function html.listing(div)
  return stream():raw('<figure id="' .. div.identifier .. '" class="listing"><figcaption><span class="label">'
      .. label_of(div) .. "</span> "):inlines(caption_of(div)):raw("</figcaption>")
    :content(rest_of(div)):raw("</figure>"):done()
end

-- One below the other, until the script makes tabs of them.
function html.tabset(div)
  local out = stream():raw('<div class="tabset">')
  for _, tab in ipairs(div.content) do
    out:raw('<div class="tab"><p class="tab-title">'):inlines(caption_of(tab)):raw("</p>")
      :content(rest_of(tab)):raw("</div>")
  end
  return out:raw("</div>"):done()
end

function html.columns(widths, contents)
  local shares = widths:map(function(width) return width .. "fr" end)
  local out = stream():raw('<div class="columns" style="grid-template-columns: ' .. table.concat(shares, " ") .. '">')
  for _, content in ipairs(contents) do out:raw("<div>"):content(content):raw("</div>") end
  return out:raw("</div>"):done()
end

function html.page_break()
  return { pandoc.RawBlock("html", '<div class="page-break"></div>') }
end

function html.image(image)
  local picture = pandoc.Image({}, image.src, "", { alt = stringify(image.caption), class = "inline" })
  if image.attributes.width then picture.attributes.style = "width: " .. image.attributes.width end
  return picture
end

-- JATS ---------------------------------------------------------------------------------------

local jats = {}
local REF_TYPES = { fig = "fig", tbl = "table", sec = "sec", eq = "disp-formula", lst = "fig",
                    nte = "boxed-text", tip = "boxed-text", wrn = "boxed-text", imp = "boxed-text", cau = "boxed-text" }
local MIME = { svg = "svg+xml", png = "png", jpg = "jpeg", jpeg = "jpeg" }

local function jats_identifier(div)
  return div.identifier ~= "" and ' id="' .. div.identifier .. '"' or ""
end

local function graphic(element, src, alt)
  local extension = src:match("%.(%w+)$") or "svg"
  return "<" .. element .. ' mimetype="image" mime-subtype="' .. (MIME[extension] or extension)
    .. '" xlink:href="' .. xml(src) .. '"><alt-text>' .. xml(alt) .. "</alt-text></" .. element .. ">"
end

local function jats_figure(div, name)
  return "<fig" .. jats_identifier(div) .. "><label>" .. name .. "</label><caption>",
    "</caption>" .. graphic("graphic", div.attributes.src, div.attributes.alt) .. "</fig>"
end

function jats.figure(div)
  local before, after = jats_figure(div, name_of(div))
  return stream():raw(before):inlines(caption_of(div)):raw(after):done()
end

function jats.figures(div)
  local out = stream():raw('<fig-group id="' .. div.identifier .. '"><label>' .. name_of(div) .. "</label><caption>")
    :inlines(caption_of(div)):raw("</caption>")
  for _, part in ipairs(rest_of(div)) do
    local before, after = jats_figure(part, name_of(div) .. part.attributes.number)
    out:raw(before):inlines(caption_of(part)):raw(after)
  end
  return out:raw("</fig-group>"):done()
end

local function jats_cell(out, cell, tag, scope)
  local attributes = ' align="' .. cell.align .. '"' .. scope
  if cell.colspan > 1 then attributes = attributes .. ' colspan="' .. cell.colspan .. '"' end
  if cell.rowspan > 1 then attributes = attributes .. ' rowspan="' .. cell.rowspan .. '"' end
  out:raw("<" .. tag .. attributes .. ">"):prose(cell.contents):raw("</" .. tag .. ">")
end

function jats.table(div)
  local data = read_table(div.content[2])
  local out = stream():raw('<table-wrap id="' .. div.identifier .. '"><label>' .. div.attributes.label
      .. NBSP .. div.attributes.number .. "</label><caption>"):inlines(div.content[1].content)
    :raw("</caption><table>")
  if has_widths(data) then
    out:raw("<colgroup>")
    for _, column in ipairs(data.columns) do out:raw('<col width="' .. percent(column.width) .. '"/>') end
    out:raw("</colgroup>")
  end
  out:raw("<thead>")
  for _, row in ipairs(data.head) do
    out:raw("<tr>")
    for _, cell in ipairs(row) do jats_cell(out, cell, "th", ' scope="col"') end
    out:raw("</tr>")
  end
  out:raw("</thead>")
  body_rows(out, data, jats_cell)
  return out:raw("</table></table-wrap>"):done()
end

function jats.equation(div)
  local math = div.content[1].content[1]
  return stream():raw('<disp-formula id="' .. div.identifier .. '"><label>(' .. div.attributes.number
      .. ")</label><tex-math><![CDATA[" .. math.text .. "]]></tex-math></disp-formula>"):done()
end

function jats.callout(div)
  return stream():raw("<boxed-text" .. jats_identifier(div) .. ' content-type="' .. div.attributes.kind
      .. '"><caption><title>' .. xml(stringify(callout_title(div))) .. "</title></caption>")
    :content(rest_of(div)):raw("</boxed-text>"):done()
end

function jats.statement(div)
  local title = stringify(caption_of(div))
  return stream():raw("<statement" .. jats_identifier(div) .. "><label>" .. name_of(div) .. "</label>"
      .. (title ~= "" and "<title>" .. xml(title) .. "</title>" or ""))
    :content(rest_of(div)):raw("</statement>"):done()
end

function jats.listing(div)
  return stream():raw('<fig fig-type="listing" id="' .. div.identifier .. '"><label>' .. name_of(div)
      .. "</label><caption>"):inlines(caption_of(div)):raw("</caption>")
    :content(rest_of(div)):raw("</fig>"):done()
end

function jats.tabset(div)
  local out = stream()
  for _, tab in ipairs(div.content) do
    out:raw('<boxed-text content-type="tab"><caption><title>' .. xml(stringify(caption_of(tab))) .. "</title></caption>")
      :content(rest_of(tab)):raw("</boxed-text>")
  end
  return out:done()
end

function jats.page_break()
  return {}
end

function jats.image(image)
  return pandoc.RawInline("jats", graphic("inline-graphic", image.src, stringify(image.caption)))
end

-- A block of the author's own: a box where something leads to it.
function jats.own_block(div)
  if div.identifier == "" then return div.content end
  return stream():raw("<boxed-text" .. jats_identifier(div) .. ">"):content(div.content):raw("</boxed-text>"):done()
end

function jats.own_text(span)
  local lang = span.attributes.lang
  local result = pandoc.Inlines { pandoc.RawInline("jats", "<styled-content" .. jats_identifier(span)
    .. (lang and ' xml:lang="' .. xml(lang) .. '"' or "") .. ' style-type="' .. xml(span.classes[1] or "text") .. '">') }
  result:extend(span.content)
  result:insert(pandoc.RawInline("jats", "</styled-content>"))
  return result
end

function jats.xref(link)
  local identifier = link.target:sub(2)
  local kind = REF_TYPES[identifier:match("^%l+")] or "statement"
  return { pandoc.RawInline("jats", '<xref ref-type="' .. kind .. '" rid="' .. identifier .. '">'
             .. xml(stringify(link)) .. "</xref>") }
end

-- Typst --------------------------------------------------------------------------------------

local typst = {}

local function typst_label(div)
  return div.identifier ~= "" and " <" .. div.identifier .. ">" or ""
end

local function typst_image(attributes)
  return typst_string(attributes.src) .. ", alt: " .. typst_string(attributes.alt)
    .. ", width: " .. (attributes.width or "100%")
end

function typst.figure(div)
  return stream():raw("#journal-figure(" .. typst_image(div.attributes) .. ", label: ["
      .. label_of(div) .. "], caption: ["):inlines(caption_of(div)):raw("]) <" .. div.identifier .. ">"):done()
end

function typst.figures(div)
  local out = stream():raw("#journal-figures(columns: " .. div.attributes.columns .. ", label: [" .. label_of(div)
    .. "], caption: ["):inlines(caption_of(div)):raw("]")
  for _, part in ipairs(rest_of(div)) do
    out:raw(", [#journal-part(" .. typst_image(part.attributes) .. ", label: [(" .. part.attributes.number
      .. ")], caption: ["):inlines(caption_of(part)):raw("])" .. typst_label(part) .. "]")
  end
  return out:raw(") <" .. div.identifier .. ">"):done()
end

-- At the start of a cell Typst would read these as the marks of a heading or of a list.
local function needs_escape(blocks)
  local first = blocks[1] and blocks[1].content and blocks[1].content[1]
  return first and first.t == "Str" and (first.text:match("^[=+/-]+$") or first.text:match("^%d+%.$"))
end

local function typst_row(out, row)
  for _, cell in ipairs(row) do
    local options = ""
    if cell.colspan > 1 then options = options .. "colspan: " .. cell.colspan .. ", " end
    if cell.rowspan > 1 then options = options .. "rowspan: " .. cell.rowspan .. ", " end
    out:raw("table.cell(" .. options .. "align: " .. cell.align .. ")["
      .. (needs_escape(cell.contents) and "\\" or "")):prose(cell.contents):raw("], ")
  end
end

local function typst_group(out, row)
  out:raw("(group: ["):prose(row[1].contents):raw("]), ")
end

function typst.table(div)
  local data = read_table(div.content[2])
  local columns = data.columns:map(function(column)
    return has_widths(data) and string.format("%.4ffr", column.width * 100) or "auto"
  end)
  local out = stream():raw("#journal-table(label: [" .. label_of(div) .. "], caption: [")
    :inlines(div.content[1].content)
    :raw("], columns: (" .. table.concat(columns, ", ") .. ",), rows: " .. #data.body
      .. ", small: " .. tostring(div.attributes.small == "true")
      .. ", wide: " .. tostring(div.attributes.wide == "true")
      .. ", ruled: " .. tostring(has_long_cells(data))
      .. ", appendix: " .. tostring(div.attributes.number:match("^%a") ~= nil) .. ", head: (")
  for _, row in ipairs(data.head) do typst_row(out, row) end
  out:raw("), body: (")
  for _, row in ipairs(data.body) do
    if row.is_group then
      typst_group(out, row)
    else
      out:raw("(")
      typst_row(out, row)
      out:raw("), ")
    end
  end
  return out:raw(")) <" .. div.identifier .. ">"):done()
end

function typst.equation(div)
  return stream():raw("#journal-equation(["):inlines(div.content[1].content)
    :raw("], number: [(" .. div.attributes.number .. ")]) <" .. div.identifier .. ">"):done()
end

function typst.callout(div)
  return stream():raw("#journal-callout(" .. typst_string(div.attributes.kind) .. ", ["):inlines(callout_title(div))
    :raw("])["):content(rest_of(div)):raw("]" .. typst_label(div)):done()
end

function typst.statement(div)
  return stream():raw("#journal-statement["):content(with_label(div)):raw("]" .. typst_label(div)):done()
end

function typst.listing(div)
  return stream():raw("#journal-listing(label: [" .. label_of(div) .. "], caption: ["):inlines(caption_of(div))
    :raw("])["):content(rest_of(div)):raw("] <" .. div.identifier .. ">"):done()
end

function typst.tabset(div)
  local out = stream()
  for _, tab in ipairs(div.content) do
    out:raw("#journal-tab["):inlines(caption_of(tab)):raw("]["):content(rest_of(tab)):raw("]")
  end
  return out:done()
end

function typst.columns(widths, contents)
  local shares = widths:map(function(width) return width .. "fr" end)
  local out = stream():raw("#journal-columns((" .. table.concat(shares, ", ") .. ",))")
  for _, content in ipairs(contents) do out:raw("["):content(content):raw("]") end
  return out:done()
end

function typst.page_break()
  return { pandoc.RawBlock("typst", "#pagebreak()") }
end

function typst.image(image)
  local width = image.attributes.width or "auto"
  return pandoc.RawInline("typst", "#box(image(" .. typst_string(image.src) .. ", alt: "
    .. typst_string(stringify(image.caption)) .. ", width: " .. width .. "))")
end

-- What is the author's own has no look in print; a link may lead to it, and it may be hyphenated
-- by another language.
function typst.own_block(div)
  if div.identifier == "" then return div.content end
  return stream():raw("#block(width: 100%)["):content(div.content):raw("]" .. typst_label(div)):done()
end

function typst.own_text(span)
  local lang = span.attributes.lang
  local language = lang and "lang: " .. typst_string(lang:match("^%a+")) or ""
  local result = pandoc.Inlines { pandoc.RawInline("typst", "#text(" .. language .. ")[") }
  result:extend(span.content)
  result:insert(pandoc.RawInline("typst", "]" .. typst_label(span):sub(2))) -- a space would be printed
  return result
end

-- PDF/UA asks for an alternative text of each formula: its TeX source.
function typst.math(math)
  return { pandoc.RawInline("typst", "#journal-math(" .. typst_string(math.text) .. ")["), math,
           pandoc.RawInline("typst", "]") }
end

-- Word ---------------------------------------------------------------------------------------

local openxml = {}
local bookmarks = 0

local function bookmark_name(identifier)
  return (identifier:gsub("[^%w]", "_"))
end

local BOLD = "<w:rPr><w:b/></w:rPr>"

local function run(content, look)
  return "<w:r>" .. (look or "") .. content .. "</w:r>"
end

local function shown_text(value)
  return '<w:t xml:space="preserve">' .. xml(value) .. "</w:t>"
end

-- A field of Word, with what it shows before Word renews it.
local function field(instruction, shown, look)
  return run('<w:fldChar w:fldCharType="begin"/>', look)
    .. run('<w:instrText xml:space="preserve"> ' .. instruction .. " </w:instrText>", look)
    .. run('<w:fldChar w:fldCharType="separate"/>', look) .. run(shown_text(shown), look)
    .. run('<w:fldChar w:fldCharType="end"/>', look)
end

local function bookmarked(name, content)
  bookmarks = bookmarks + 1
  local id = 9000 + bookmarks
  return '<w:bookmarkStart w:id="' .. id .. '" w:name="' .. name .. '"/>' .. content
    .. '<w:bookmarkEnd w:id="' .. id .. '"/>'
end

-- "Table A2" as Word itself would write it: a name, the appendix's letter, a counting field.
-- One bookmark holds all of it, a second one the number, for the two kinds of reference.
local function word_label(div, ending)
  local name = bookmark_name(div.identifier)
  local letter, digits = div.attributes.number:match("^(%u?)(%d+)$")
  local series = div.attributes.label .. (letter ~= "" and "_" .. letter or "")
  local number = bookmarked(name .. "_number",
    (letter ~= "" and run(shown_text(letter), BOLD) or "") .. field("SEQ " .. series .. " \\* ARABIC", digits, BOLD))
  return pandoc.RawInline("openxml", bookmarked(name, run(shown_text(div.attributes.label .. NBSP), BOLD) .. number)
    .. (ending ~= "" and run(shown_text(ending), BOLD) or ""))
end

local function styled(style, inlines)
  return pandoc.Div({ pandoc.Para(inlines) }, { ["custom-style"] = style })
end

-- Gives all paragraphs a style. Pandoc has one of its own for those that are "plain".
local function in_style(style, blocks)
  return pandoc.Div(blocks, { ["custom-style"] = style }):walk {
    Plain = function(plain) return pandoc.Para(plain.content) end,
  }
end

local function word_caption(div, style, caption)
  local inlines = pandoc.Inlines { word_label(div, ". ") }
  inlines:extend(caption)
  return styled(style, inlines)
end

-- The empty raw text keeps Quarto from making a figure of its own of the lone image.
local function word_picture(div)
  local picture = pandoc.Image({ pandoc.Str(div.attributes.alt) }, div.attributes.src, "",
    { width = div.attributes.width or "100%" })
  return styled("Captioned Figure", { picture, pandoc.RawInline("openxml", "") })
end

function openxml.figure(div)
  return { word_picture(div), word_caption(div, "Image Caption", caption_of(div)) }
end

-- One below the other; the label of a part is text, and a reference to it is a link.
function openxml.figures(div)
  local blocks = pandoc.Blocks {}
  for _, part in ipairs(rest_of(div)) do
    local label = run(shown_text("(" .. part.attributes.number .. ") "), BOLD)
    if part.identifier ~= "" then label = bookmarked(part.identifier, label) end
    local caption = pandoc.Inlines { pandoc.RawInline("openxml", label) }
    caption:extend(caption_of(part))
    blocks:extend { word_picture(part), styled("Image Caption", caption) }
  end
  blocks:insert(word_caption(div, "Image Caption", caption_of(div)))
  return blocks
end

-- The heading of a group spans all columns; labels of rows are for the page.
local function word_row(row, columns)
  local cells = row.cells
  local is_group = heads_a_group(cells)
  local contents = split_label(cells[1].contents)
  if is_group then
    row.cells = { pandoc.Cell(contents, "AlignLeft", 1, columns) }
  else
    cells[1].contents = contents
    row.cells = cells
  end
  return row
end

function openxml.table(div)
  local is_small = div.attributes.wide or div.attributes.small
  local tbl = div.content[2]
  tbl.bodies = tbl.bodies:map(function(body)
    body.body = body.body:map(function(row) return word_row(row, #tbl.colspecs) end)
    return body
  end)
  return { word_caption(div, "Table Caption", caption_of(div)),
           in_style(is_small and "Table Text Small" or "Table Text", { tbl }) }
end

function openxml.equation(div)
  local name = bookmark_name(div.identifier)
  return { styled("Equation", {
    pandoc.RawInline("openxml", run("<w:tab/>")),
    pandoc.Math("InlineMath", div.content[1].content[1].text),
    pandoc.RawInline("openxml", run("<w:tab/>") .. run(shown_text("("))
      .. bookmarked(name .. "_number", field("SEQ Equation \\* ARABIC", div.attributes.number)) .. run(shown_text(")"))),
  }) }
end

function openxml.callout(div)
  local label = div.attributes.number and word_label(div, ". ")
  return { styled("Callout Title", callout_title(div, label)),
           pandoc.Div(rest_of(div), { ["custom-style"] = "Callout" }) }
end

function openxml.statement(div)
  return with_label(div, div.attributes.number and word_label(div, ""))
end

function openxml.listing(div)
  local blocks = pandoc.Blocks { word_caption(div, "Table Caption", caption_of(div)) }
  blocks:extend(rest_of(div))
  return blocks
end

function openxml.tabset(div)
  local blocks = pandoc.Blocks {}
  for _, tab in ipairs(div.content) do
    blocks:insert(pandoc.Para { pandoc.Strong(caption_of(tab)) })
    blocks:extend(rest_of(tab))
  end
  return blocks
end

function openxml.page_break()
  return { pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>') }
end

-- Pandoc makes bookmarks of identifiers and marks the language; of classes it knows too many.
function openxml.own_block(div)
  return div.identifier == "" and div.content or pandoc.Div(div.content, pandoc.Attr(div.identifier))
end

function openxml.own_text(span)
  return pandoc.Span(span.content, pandoc.Attr(span.identifier, {}, { lang = span.attributes.lang }))
end

-- A reference to a float is a field, so that Word renews it; to a section it is a link.
function openxml.xref(link)
  local name, shown = bookmark_name(link.target:sub(2)), stringify(link)
  if name:match("^sec_") or link.classes:includes("part") then return nil end
  if name:match("^eq_") then
    local before, number = shown:match("^(.-)(%S+)$")
    return { pandoc.Str(before), pandoc.RawInline("openxml", field("REF " .. name .. "_number \\h", number)) }
  end
  if not shown:match("^%l*%u%l+" .. NBSP) then name = name .. "_number" end
  return { pandoc.RawInline("openxml", field("REF " .. name .. " \\h", shown)) }
end

-- The walk -----------------------------------------------------------------------------------

local writer = ({ html = html, typst = typst, openxml = openxml, jats = jats })[FORMAT_NAME]
assert(writer, "RenderError: the journal's format has no way to write " .. FORMAT)

-- Citations may be resolved after the filters, so the list of references is styled around.
local function references(div)
  if FORMAT_NAME ~= "typst" then return nil end
  return { pandoc.RawBlock("typst", "#journal-references["), div, pandoc.RawBlock("typst", "]") }
end

-- Long lists of sources are set small, in the print edition in two columns; there what leads a
-- list stays with it.
local function fine_print(div)
  if FORMAT_NAME == "html" then return nil end
  if FORMAT_NAME == "openxml" then return in_style("Fine Print", div.content) end
  if FORMAT_NAME ~= "typst" then return div.content end
  local blocks = pandoc.Blocks { pandoc.RawBlock("typst", "#journal-fine-print[") }
  for position, block in ipairs(div.content) do
    local following = div.content[position + 1]
    local leads = block.t == "Para" and following and following.t == "BulletList"
    if leads then blocks:insert(pandoc.RawBlock("typst", "#journal-lead[")) end
    blocks:insert(block)
    if leads then blocks:insert(pandoc.RawBlock("typst", "]")) end
  end
  blocks:insert(pandoc.RawBlock("typst", "]"))
  return blocks
end

-- Beside one another where the format can, else one below the other.
local function columns(div)
  local widths, contents = pandoc.List(), pandoc.List()
  for _, column in ipairs(div.content) do
    widths:insert((column.attributes.width or "1"):match("[%d.]+"))
    contents:insert(column.content)
  end
  if writer.columns then return writer.columns(widths, contents) end
  local blocks = pandoc.Blocks {}
  for _, content in ipairs(contents) do blocks:extend(content) end
  return blocks
end

-- Whether the author named it: not the processor of citations, Quarto, nor the journal.
local NOT_OWN = pandoc.List { "header-section-number", "nocase", "hidden" }

local function is_own(element)
  local class = element.classes[1] or ""
  if class:match("^csl%-") or NOT_OWN:includes(class) then return false end
  return (element.identifier ~= "" or class ~= "" or element.attributes.lang ~= nil)
    and not element.attributes["data-raw"] and not element.attributes["custom-style"]
end

local FORMS = { "figure", "figures", "table", "equation", "listing", "callout", "statement", "tabset" }

local function write_div(div)
  if div.identifier == "refs" then return references(div) end
  local class = div.classes[1] or ""
  if class == "fine-print" then return fine_print(div) end
  if class == "ijmcp-page-break" then return writer.page_break() end
  local form = class:match("^ijmcp%-(.*)$")
  if form == "figure" and div.attributes.columns then form = "figures" end
  if form and pandoc.List(FORMS):includes(form) then return writer[form](div) end
  if class == "columns" then return columns(div) end
  if writer.own_block and not form and class ~= "column" and is_own(div) then return writer.own_block(div) end
end

local function write_span(span)
  if not is_own(span) then return nil end
  if #span.classes > 0 or span.attributes.lang then return writer.own_text and writer.own_text(span) end
  places = places + 1
end

-- What is left of them once the tables are written.
local function write_place(span)
  if is_own(span) then return writer.own_text(span) end
end

local function write_header(header)
  header.attributes.number = nil
  if FORMAT_NAME == "jats" and header.classes:includes("data-availability") then
    header.attributes["sec-type"] = "data-availability"
  end
  if FORMAT_NAME == "typst" then
    local ends_part = header.classes:includes("unnumbered") or header.classes:includes("appendix-heading")
    -- Quarto would write an unnumbered heading in Typst without its label.
    header.classes = {}
    if ends_part then return { pandoc.RawBlock("typst", "#journal-flush"), header } end
  end
  -- Word gets the number in a style of its own, by which it can be made real numbering.
  if FORMAT_NAME == "openxml" and header.content[1].classes then
    header.content[1].attributes["custom-style"] = "Section Number"
  end
  -- The title is the page's only heading of level 1.
  if FORMAT_NAME == "html" then header.level = header.level + 1 end
  return header
end

-- The evidence explorer lies beside the page; a file that is handed on alone has only its name.
local function write_link(link)
  if FORMAT_NAME ~= "html" and link.target:match("^evidence%.html") then return link.content end
  if writer.xref and link.classes:includes("xref") then return writer.xref(link) end
end

function Pandoc(doc)
  doc = doc:walk { Math = writer.math, Link = write_link, Image = writer.image, Span = write_span,
                   Div = write_div, Header = write_header }
  return places > 0 and writer.own_text and doc:walk { Span = write_place } or doc
end
