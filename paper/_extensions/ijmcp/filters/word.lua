-- The front page of the Word version: its writer has no template that every pandoc knows.
-- Comes after Quarto's shortcodes, which resolve the abstract and may ask for the title; then
-- takes away what pandoc would print as a title block of its own.

if not FORMAT:match("^docx") then return {} end

local PRINTED_BY_PANDOC = { "title", "author", "authors", "by-author", "affiliations",
                            "by-affiliation", "abstract", "keywords", "date" }

local function styled(style, inlines)
  return pandoc.Div({ pandoc.Para(inlines) }, { ["custom-style"] = style })
end

local function entry(term, inlines)
  local line = pandoc.Inlines {
    pandoc.Span({ pandoc.Str(term) }, { ["custom-style"] = "Record Term" }),
    pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>"),
  }
  line:extend(inlines)
  return styled("Record", line)
end

local function history(front)
  local parts = pandoc.List()
  for _, step in ipairs { "submitted", "accepted", "published" } do
    if front[step] then parts:insert(step .. " " .. front[step].long) end
  end
  local line = table.concat(parts, "; ")
  return { pandoc.Str(line:sub(1, 1):upper() .. line:sub(2)) }
end

local function record(front)
  local blocks = pandoc.Blocks {}
  for _, place in ipairs(front.affiliations) do
    blocks:insert(entry("Affiliation " .. place.mark, { pandoc.Str(place.name) }))
  end
  local writer = front.correspondence
  if writer then
    blocks:insert(entry("Correspondence", { pandoc.Str("* " .. writer.full .. ", "),
                                            pandoc.Link(writer.email, "mailto:" .. writer.email) }))
  end
  if front.published then blocks:insert(entry("History", history(front))) end
  if front.conference then blocks:insert(entry("Conference", { pandoc.Str(front.conference.line) })) end
  if #front.organisers > 0 then blocks:insert(entry("Organisers", { pandoc.Str(front.organisers_line) })) end
  if front.citation then blocks:insert(entry("Citation", front.citation)) end
  if front.licence then blocks:insert(entry("Licence", { pandoc.Str(front.licence) })) end
  return blocks
end

local function place(front)
  local parts = pandoc.List()
  if front.volume then parts:insert("Volume " .. front.volume) end
  if front.issue then parts:insert("Issue " .. front.issue) end
  if front.first_page then parts:insert("Page " .. front.first_page) end
  if front.edition then parts:insert(front.edition) end
  return table.concat(parts, " · ")
end

local function authors(front)
  local names = front.authors:map(function(author)
    return author.full .. (author.mark or "") .. (author.corresponding and "*" or "")
  end)
  return { pandoc.Str(table.concat(names, ", ")) }
end

local function abstract_blocks(value)
  if pandoc.utils.type(value) == "Blocks" then return value end
  return pandoc.Blocks { pandoc.Para(value) }
end

function Pandoc(doc)
  local front = doc.meta.front
  if not front then return nil end
  local blocks = pandoc.Blocks {}
  if front.journal.title then blocks:insert(styled("Journal", { pandoc.Str(front.journal.title) })) end
  if place(front) ~= "" then blocks:insert(styled("Edition", { pandoc.Str(place(front)) })) end
  blocks:insert(styled("Title", { pandoc.Str(front.title) }))
  blocks:insert(styled("Author", authors(front)))
  blocks:extend(record(front))
  if doc.meta.abstract then
    blocks:insert(styled("Abstract Title", { pandoc.Str("Abstract") }))
    blocks:insert(pandoc.Div(abstract_blocks(doc.meta.abstract), { ["custom-style"] = "Abstract" }))
  end
  if #front.keywords > 0 then
    blocks:insert(styled("Keywords", { pandoc.Strong { pandoc.Str("Keywords") }, pandoc.Str(" " .. front.keywords_line) }))
  end
  if front.notice then
    blocks:insert(styled("Notice", { pandoc.Strong { pandoc.Str(front.edition .. ".") }, pandoc.Str(" " .. front.notice) }))
  end
  blocks:extend(doc.blocks)
  for _, key in ipairs(PRINTED_BY_PANDOC) do doc.meta[key] = nil end
  return pandoc.Pandoc(blocks, doc.meta)
end
