"""The finished PDF: its information agrees with the record, its dates and ids are fixed."""

from collections.abc import Mapping
from io import BytesIO

import pikepdf

from casebook.errors import RenderError


def finish(content: bytes, record: Mapping, **_given: object) -> bytes:
    """Give the PDF with the record's information; see `casebook.render.finish`."""
    names = [f"{author['name']['given']} {author['name']['family']}" for author in record["author"]]
    published = record["publication"]["history"]["published"]
    stamp = f"D:{published.replace('-', '')}000000Z"
    try:
        with pikepdf.open(BytesIO(content)) as document:
            info = document.docinfo
            info["/Title"] = record["title"]
            info["/Author"] = ", ".join(names)
            info["/Keywords"] = ", ".join(record["keywords"])
            info["/CreationDate"] = info["/ModDate"] = stamp
            document.Root["/Lang"] = pikepdf.String(record["lang"])
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
                xmp["dc:title"] = record["title"]
                xmp["dc:creator"] = names
                xmp["dc:language"] = {record["lang"]}
                xmp["dc:subject"] = set(record["keywords"])
                xmp["pdf:Keywords"] = ", ".join(record["keywords"])
                xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = f"{published}T00:00:00Z"
            result = BytesIO()
            document.save(
                result,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    except pikepdf.PdfError as error:
        raise RenderError(f"manuscript.pdf: this is not a readable PDF ({error})") from None
    return result.getvalue()
