-- Stops a render in a format that is not the journal's, which the project's `_quarto.yml` asks of
-- every format: `quarto render --to html` would print the text without numbers and references.

function Meta(meta)
  assert(meta.front, "RenderError: " .. FORMAT .. " is not a format of the journal: accepted are "
    .. "--to ijmcp-html, ijmcp-typst, ijmcp-docx and ijmcp-jats")
end
