"""The codebook: what is coded, on which levels, with which labels and colours."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casebook.errors import InputError, Problem
from casebook.readers import read_yaml
from casebook.schemas import load_schema, schema_problems

SCHEMA = Path(__file__).with_name("codebook.schema.yaml")


@dataclass(frozen=True)
class Level:
    """A score that may be given.

    Attributes:
        membership: set membership, 0 to 1, never 0.5.
        name: verbal label.
        rule: when to give it.
        colour: `#rrggbb`, or "" where the codebook gives none.
    """

    membership: float
    name: str
    rule: str
    colour: str = ""


@dataclass(frozen=True)
class Group:
    """A kind of construct, such as conditions of one sort, or outcomes.

    Attributes:
        code: code in tables.
        label: plural, as a heading.
        singular: what one construct of it is called.
        colour: `#rrggbb`.
        question: what the group asks of a case, or "".
    """

    code: str
    label: str
    singular: str
    colour: str
    question: str = ""


@dataclass(frozen=True)
class Example:
    """A statement (its id) that shows what `present` or `absent` means."""

    evidence: str
    shows: str


@dataclass(frozen=True)
class Construct:
    """What is scored for each case.

    Attributes:
        code: code in tables and set expressions.
        group: code of its group.
        label: full label.
        short: label for axes, at most 16 characters.
        question: the definition, as a question to a case.
        present: what a score above 0.5 says, as a clause.
        absent: what a score of 0 says, as a clause.
        colour: `#rrggbb`.
        note: what a reader of its scores should know, or "".
        rests_on_case_dates: whether a score may do without a statement.
        examples: statements that show what is meant.
    """

    code: str
    group: str
    label: str
    short: str
    question: str
    present: str
    absent: str
    colour: str
    note: str = ""
    rests_on_case_dates: bool = False
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A decision rule; `construct` is "" where it holds for all."""

    code: str
    title: str
    text: str
    construct: str = ""


@dataclass(frozen=True)
class Cause:
    """Why a cell is adjudicated: `difference`, `withdrawn` or `rule`."""

    code: str
    label: str
    text: str


@dataclass(frozen=True)
class Blank:
    """What a blank score means."""

    name: str
    rule: str


@dataclass(frozen=True)
class Codebook:
    """A checked codebook; the order of its parts is the order of every table and figure.

    Attributes:
        title: heading.
        version: version, such as `1.0.0`.
        unit: the unit of analysis, in words.
        groups: kinds of constructs.
        constructs: what is scored.
        levels: the scores that may be given, from the highest down.
        blank: what a blank score means.
        rules: further decision rules.
        causes: why cells are adjudicated.
    """

    title: str
    version: str
    unit: str
    groups: tuple[Group, ...]
    constructs: tuple[Construct, ...]
    levels: tuple[Level, ...]
    blank: Blank
    rules: tuple[Rule, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all constructs."""
        return tuple(each.code for each in self.constructs)

    @property
    def memberships(self) -> tuple[float, ...]:
        """Memberships of all levels, from the highest down."""
        return tuple(each.membership for each in self.levels)

    @property
    def labels(self) -> dict[str, str]:
        """Full label of each construct, by code."""
        return {each.code: each.label for each in self.constructs}

    @property
    def colours(self) -> dict[str, str]:
        """Colour of each construct, by code."""
        return {each.code: each.colour for each in self.constructs}

    @property
    def group_of(self) -> dict[str, str]:
        """Code of the group of each construct, by code."""
        return {each.code: each.group for each in self.constructs}

    def construct(self, code: str) -> Construct:
        """Return the construct with this code; `KeyError` if there is none."""
        return {each.code: each for each in self.constructs}[code]

    def group(self, code: str) -> Group:
        """Return the group with this code; `KeyError` if there is none."""
        return {each.code: each for each in self.groups}[code]

    def members(self, group: str) -> tuple[str, ...]:
        """Codes of the constructs of a group."""
        return tuple(each.code for each in self.constructs if each.group == group)


def load_codebook(path: Path, name: str | None = None) -> Codebook:
    """Read a codebook and check it against its closed schema.

    Args:
        path: the YAML file.
        name: what to call the file in messages; its path if not given.

    Raises:
        InputError: with every problem found: the file is missing, is not UTF-8 or not YAML (with
            the line), has unknown, missing or wrong keys, or contradicts itself.
    """
    path = Path(path)
    name = name or str(path)
    raw = read_yaml(path, name, dict)
    problems = schema_problems(load_schema(SCHEMA), raw, name) or list(_contradictions(raw, name))
    if problems:
        raise InputError(problems)
    return Codebook(
        title=raw["title"],
        version=raw["version"],
        unit=raw["unit"].strip(),
        groups=tuple(Group(**each) for each in raw["groups"]),
        constructs=tuple(_construct(each) for each in raw["constructs"]),
        levels=tuple(_level(each) for each in raw["levels"]),
        blank=Blank(**raw["blank"]),
        rules=tuple(Rule(**each) for each in raw.get("rules", ())),
        causes=tuple(Cause(**each) for each in raw.get("causes", ())),
    )


def _contradictions(raw: dict, name: str) -> Iterator[Problem]:
    for part, key in (
        ("groups", "code"),
        ("constructs", "code"),
        ("constructs", "short"),
        ("constructs", "colour"),
        ("levels", "membership"),
        ("levels", "name"),
        ("rules", "code"),
        ("causes", "code"),
    ):
        values = [each[key] for each in raw.get(part, ())]
        for i, value in enumerate(values):
            if value in values[:i]:
                yield Problem(name, f"{part}[{i}].{key}", str(value), "each only once")
    groups = [each["code"] for each in raw["groups"]]
    for i, each in enumerate(raw["constructs"]):
        if each["group"] not in groups:
            place = f"constructs[{i}].group"
            yield Problem(name, place, each["group"], f"one of {', '.join(groups)}")
    codes = [each["code"] for each in raw["constructs"]]
    for i, each in enumerate(raw.get("rules", ())):
        if each.get("construct", codes[0]) not in codes:
            place = f"rules[{i}].construct"
            yield Problem(name, place, each["construct"], f"one of {', '.join(codes)}")
    falling = [each["membership"] for each in raw["levels"]]
    if falling != sorted(falling, reverse=True):
        yield Problem(name, "levels", "", "levels from the highest membership down")


def _construct(raw: dict) -> Construct:
    examples = tuple(Example(**each) for each in raw.get("examples", ()))
    return Construct(**{**raw, "examples": examples})


def _level(raw: dict) -> Level:
    return Level(**{**raw, "membership": float(raw["membership"])})
