-- Turns the publication record (metadata.yml) into what the templates print.
--
-- Templates read `front.*` only, so the record keeps each fact once and in one form: names as given
-- and family, dates as YYYY-MM-DD. Facts that the record lacks stay absent. Quarto's ordinary forms
-- of `author`, `affiliations` and `date` are read as well, for a paper that has no record.

local stringify = pandoc.utils.stringify

local MONTHS = {
  "January", "February", "March", "April", "May", "June", "July",
  "August", "September", "October", "November", "December",
}

local function text(value)
  if value == nil then return nil end
  local result = stringify(value)
  return result ~= "" and result or nil
end

-- The words that there are, with spaces between them; a table with holes is read by position.
local function joined_words(words)
  local found = pandoc.List()
  for position = 1, 5 do
    local word = words[position] and text(words[position])
    if word then found:insert(word) end
  end
  return table.concat(found, " ")
end

-- "2024-12-30" -> "30 December 2024"; a date in words stays as it is.
local function long_date(value)
  local iso = text(value)
  if not iso then return nil end
  local year, month, day = iso:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
  if not year then return { long = iso, year = iso:match("%d%d%d%d") } end
  assert(MONTHS[tonumber(month)], "RenderError: the date " .. iso .. " is not of the form YYYY-MM-DD")
  return { iso = iso, long = tonumber(day) .. " " .. MONTHS[tonumber(month)] .. " " .. year,
           year = year, month = month, day = day }
end

local function list(value)
  if value == nil then return {} end
  local kind = pandoc.utils.type(value)
  return kind == "List" and value or { value }
end

local function is_true(value)
  return value == true or (value ~= nil and stringify(value) == "true")
end

-- "Zoë Ann" -> "Z. A.", "N. U." -> "N. U."
local function initials(given)
  local result = pandoc.List()
  for word in given:gmatch("%S+") do
    local letter = pandoc.text.sub(word, 1, 1)
    result:insert(letter .. ".")
  end
  return table.concat(result, " ")
end

-- The particle "van der" belongs to the family name; "von" is dropped to the given names.
local function full_name(name)
  return joined_words { name.given, name["dropping-particle"], name["non-dropping-particle"],
                        name.family, name.suffix }
end

local function inverted_name(name)
  local surname = joined_words { name["non-dropping-particle"], name.family }
  local rest = joined_words { initials(name.given), name["dropping-particle"] }
  local suffix = text(name.suffix)
  return surname .. (rest ~= "" and ", " .. rest or "") .. (suffix and ", " .. suffix or "")
end

local function is_map(value)
  return pandoc.utils.type(value) == "table"
end

-- "Roe, Jane" and "Jane Roe" -> given and family.
local function split_name(name)
  local family, given = name:match("^([^,]+),%s*(.+)$")
  if family then return { given = given, family = family } end
  given, family = name:match("^(.+)%s+(%S+)$")
  return { given = given or "", family = family or name }
end

-- The parts of a name, which is a map of them, or a text.
local function name_of(author)
  local name = is_map(author) and (author.name or author) or author
  local literal = is_map(name) and name.literal or not is_map(name) and name
  local parts = literal and split_name(stringify(literal)) or name
  return { given = text(parts.given) or "", family = text(parts.family) or "",
           ["dropping-particle"] = parts["dropping-particle"],
           ["non-dropping-particle"] = parts["non-dropping-particle"], suffix = parts.suffix }
end

-- An affiliation is a text, a map with `name`, or a reference to the list of them.
local function affiliation_name(affiliation, known)
  if not is_map(affiliation) then return text(affiliation) end
  local id = affiliation.ref and text(affiliation.ref)
  for _, other in ipairs(list(known)) do
    if id and is_map(other) and text(other.id) == id then return affiliation_name(other) end
  end
  return not id and joined_words { affiliation.name } ~= "" and text(affiliation.name) or nil
end

-- Authors in order; Quarto has moved `author` to `authors` and its flags to `attributes`.
local function people(meta)
  local result, places = pandoc.List(), pandoc.List()
  for position, author in ipairs(list(meta.authors or meta.author)) do
    local name, facts = name_of(author), is_map(author) and author or {}
    local attributes = facts.attributes or {}
    local person = { given = name.given, family = name.family, full = full_name(name),
                     inverted = inverted_name(name), id = "author-" .. position,
                     orcid = text(facts.orcid), marks = pandoc.List() }
    -- Without an address there is nobody to write to, and no mark that says so.
    if is_true(facts.corresponding) or is_true(attributes.corresponding) then
      person.email = text(facts.email)
      person.corresponding = person.email ~= nil
    end
    for _, affiliation in ipairs(list(facts.affiliations or facts.affiliation)) do
      local place = affiliation_name(affiliation, meta.affiliations)
      if place then
        local _, number = places:find(place)
        if not number then
          places:insert(place)
          number = #places
        end
        person.marks:insert(tostring(number))
      end
    end
    person.mark = #person.marks > 0 and table.concat(person.marks, ",") or nil
    result:insert(person)
  end
  local affiliations = pandoc.List()
  for number, name in ipairs(places) do affiliations:insert { mark = tostring(number), name = name } end
  return result, affiliations
end

local function joined(persons, field, last)
  local names = persons:map(function(person) return person[field] end)
  if #names < 2 then return names[1] or "" end
  local final = names:remove()
  return table.concat(names, ", ") .. last .. final
end

-- The authors of a running head: "Green, Müller", or "Green et al." where there are many.
local function short(persons)
  local names = persons:map(function(person) return person.family end)
  return #names > 3 and names[1] .. " et al." or table.concat(names, ", ")
end

-- "1(1)", "1", or nothing
local function issue_number(publication)
  local volume, issue = text(publication.volume), text(publication.issue)
  if not volume then return nil end
  return issue and (volume .. "(" .. issue .. ")") or volume
end

-- The recommended citation, as inlines: the proceedings and the journal stand in italics.
local function citation(front, title)
  local year = front.published.year or "n.d."
  local result = pandoc.Inlines { pandoc.Str(front.authors_inverted .. " (" .. year .. "). " .. title) }
  local places = pandoc.List { front.journal.title }
  if front.proceedings then places:insert(1, front.proceedings) end
  if not title:match("[%.%?!]$") then result:insert(pandoc.Str(".")) end
  for position, place in ipairs(places) do
    result:insert(pandoc.Str(position > 1 and ", " or " "))
    result:insert(pandoc.Emph { pandoc.Str(place) })
  end
  if front.issue_number then result:insert(pandoc.Str(", " .. front.issue_number)) end
  -- A lone first page would be read as that of an article of one page.
  if front.last_page then
    result:insert(pandoc.Str(", " .. front.first_page .. "–" .. front.last_page))
  end
  if #places > 0 then result:insert(pandoc.Str(".")) end
  if front.doi then result:insert(pandoc.Str(" https://doi.org/" .. front.doi)) end
  return result
end

local function journal_of(publication)
  local journal = publication.journal or {}
  return { title = text(journal.title), abbreviation = text(journal.abbreviation),
           site = text(journal.site), email = text(journal.email) }
end

-- The licence of the article where it is known, else that of the text of this edition.
local function licence(publication, compendium)
  local function shown(name) return (name:gsub("^CC%-(%u+)%-", "CC %1 ")) end
  if publication.license then return shown(text(publication.license.name)) end
  local licences = compendium and compendium.licenses
  return licences and shown(text(licences.text)) .. " (text of this edition)" or nil
end

function Meta(meta)
  local publication = meta.publication or {}
  local history = publication.history or {}
  local persons, affiliations = people(meta)
  local edition = publication.edition or {}
  local front = {
    title = text(meta.title) or "",
    authors = persons, affiliations = affiliations,
    authors_full = joined(persons, "full", " and "),
    authors_inverted = joined(persons, "inverted", ", & "),
    authors_short = short(persons),
    correspondence = persons:find_if(function(person) return person.email ~= nil end),
    journal = journal_of(publication),
    volume = text(publication.volume), issue = text(publication.issue),
    first_page = text(publication["first-page"]), last_page = text(publication["last-page"]),
    issue_number = issue_number(publication),
    doi = text(publication.doi), issn = text(publication.issn),
    proceedings = text(publication.proceedings),
    submitted = long_date(history.submitted), accepted = long_date(history.accepted),
    published = long_date(history.published or meta.date),
    conference = publication.conference and {
      name = text(publication.conference.name), number = text(publication.conference.number),
      dates = text(publication.conference.dates), place = text(publication.conference.place) },
    organisers = pandoc.List(list(publication.organisers)):map(text),
    keywords = pandoc.List(list(meta.keywords)):map(text),
    edition = text(edition.name), notice = text(edition.notice),
    licence = licence(publication, meta.compendium),
  }
  front.has_history = (front.submitted or front.accepted) and true or nil
  if front.conference then
    local places = { front.conference.name }
    for _, key in ipairs { "dates", "place" } do table.insert(places, front.conference[key]) end
    front.conference.line = table.concat(places, ", ")
  end
  local numbers = {}
  for _, part in ipairs { { "Volume", front.volume }, { "Issue", front.issue }, { "Page", front.first_page } } do
    if part[2] then table.insert(numbers, part[1] .. " " .. part[2]) end
  end
  front.numbers_line = table.concat(numbers, ", ")
  front.organisers_line = table.concat(front.organisers, "; ")
  front.keywords_line = table.concat(front.keywords, "; ")
  if front.published and #persons > 0 then front.citation = citation(front, front.title) end
  meta.front = front
  return meta
end
