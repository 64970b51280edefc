"""Which keys of a YAML file changed, seen from its lines: Python alone has no reader of YAML."""

import re
from difflib import SequenceMatcher

KEY = re.compile(r"( *(?:- +)*)[\"']?([\w.-]+)[\"']?:(?: |$)")


def changed_keys(old: str, new: str) -> dict[str, int]:
    """The dotted path of each changed line, to its number in the new text (or where it stood).

    Lines that differ by their comments alone change no key; a text that differs by those alone
    has the path "comments".
    """
    before, after = old.splitlines(), new.splitlines()
    bare = [[_without_comment(line) for line in lines] for lines in (before, after)]
    found: dict[str, int] = {}
    for word, i, i_end, j, j_end in SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        if word == "equal":
            continue
        for lines, numbers in ((before, range(i, i_end)), (after, range(j, j_end))):
            for number in numbers:
                if bare[lines is after][number]:
                    found[_path(lines, number)] = j + 1 if lines is before else number + 1
    return found or {"comments": 1}


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*", "", line).rstrip()


def _path(lines: list[str], number: int) -> str:
    """The keys that a line stands below, with its own, joined by dots."""
    path: list[str] = []
    line = lines[number]
    own = KEY.match(line)
    indent = len(own[1]) + 1 if own else len(line) - len(line.lstrip())
    for above in reversed(lines[: number + 1]):
        match = KEY.match(above)
        if match and len(match[1]) < indent:
            path.insert(0, match[2])
            indent = len(match[1])
    return ".".join(path) or f"line {number + 1}"
