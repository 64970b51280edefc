"""Manuscript to HTML, PDF, DOCX and JATS, by Quarto or by the embedded renderer, equally."""
