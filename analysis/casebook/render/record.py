"""The publication record, `paper/metadata.yml`: the only copy of the article's facts."""

from pathlib import Path

import yaml

from casebook.errors import RenderError
from casebook.render.project import read_yaml

SCHEMA = Path(__file__).with_name("record.schema.yaml")


def read_record(path: Path) -> dict:
    """Read the record and check it against its closed schema.

    Raises:
        RenderError: a key is missing or unknown, or a value is not of its form; all are listed.
    """
    import jsonschema

    record = read_yaml(Path(path))
    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    errors = sorted(validator.iter_errors(record), key=lambda error: list(map(str, error.path)))
    if errors:
        lines = [
            f"{Path(path).name}: {error.json_path[2:] or 'record'}: {error.message}"
            for error in errors
        ]
        raise RenderError("\n".join(lines))
    return record
