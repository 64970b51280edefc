"""The report of a verification, for reviewers and editors: a page, a record, a codecheck.yml.

It is about one run on one machine, with its clock; so it is no output of the workflow, is not in
the research object, and not in git.
"""

import csv
import json
import os
import platform
import re
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape

from cli.contents import EQUAL
from cli.environment import NOTES, read_json
from cli.manifest import digests, sources

FOLDER = "reproduction"
SET_ASIDE = "set aside"  # not compared, for a reason that the verdict gives
GOOD = ("identical", EQUAL, SET_ASIDE)
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0;
  border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
.verdict { padding: .6rem .8rem; border-left: .4rem solid; font-size: 1.1rem; }
.good { border-color: #00695c; background: #e6f2f0; }
.bad { border-color: #b3261e; background: #fbeae9; }
code { font-size: .92em; }
"""


@dataclass(frozen=True)
class Artefact:
    """An output with its checksums, recorded and rebuilt ("" where there is none), and verdict."""

    name: str
    expected: str
    rebuilt: str
    verdict: str

    @property
    def good(self):
        """Whether it is as it was recorded, as far as it can be."""
        return self.verdict.partition(":")[0] in GOOD


def write_report(root, copy, artefacts, renderer, seconds):
    """Write `reproduction.html`, `reproduction.json` and `codecheck.yml`.

    Args:
        root: the project.
        copy: its rebuilt copy.
        artefacts: the outputs with their verdicts.
        renderer: name and version.
        seconds: how long the rebuild took.

    Returns:
        The folder that they are in, relative to the project.
    """
    facts = {
        "reproduced": all(each.good for each in artefacts),
        "outcome": outcome(artefacts),
        "checked": datetime.now(UTC).isoformat(timespec="seconds"),
        "article": article(copy),
        "environment": circumstances(root, renderer),
        "seconds": {"total": round(seconds, 1), **timings(copy)},
        "artefacts": [asdict(each) for each in artefacts],
        "claims": claims(copy),
    }
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    texts = {"json": text + "\n", "html": page(facts)}
    for ending, text in texts.items():
        (folder / f"reproduction.{ending}").write_text(text, encoding="utf-8")
    (folder / "codecheck.yml").write_text(codecheck(facts), encoding="utf-8")
    return FOLDER


def outcome(artefacts):
    """What the verification found, in words."""
    if not all(each.good for each in artefacts):
        return "not all outputs were reproduced"
    aside = sum(each.verdict.startswith(SET_ASIDE) for each in artefacts)
    but = f"; {aside} name the renderer, which is another one, and were not compared"
    return "all outputs were reproduced" + (but if aside else "")


def article(copy):
    """What the article is, as its citation says."""
    (work, *_) = read_json(copy / "paper/_output/citation.json") or [{}]
    text = (copy / "paper/_output/citation.txt").read_text("utf-8").strip()
    authors = [
        {"name": " ".join(filter(None, [each.get("given"), each.get("family")]))}
        for each in work.get("author", ())
    ]
    return {"title": work.get("title", ""), "authors": authors, "reference": text}


def circumstances(root, renderer):
    """On what machine, with which versions, from which state of the sources."""
    locked = (root / "requirements.lock").read_text("utf-8")
    return {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "renderer": renderer,
        "commit": commit(root),
        "sources": f"{len(sources(root))} files",
        "requirements.lock": digests(root, ["requirements.lock"])["requirements.lock"],
        "packages": dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", locked, re.M)),
    }


def commit(root):
    """The commit that is built, marked where something is not committed; "" without git."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def timings(copy):
    """Seconds that each rule took, the longest first."""
    spans = {}
    for path in (copy / NOTES).rglob("*"):
        note = read_json(path) if path.is_file() else None
        if note:
            spans.setdefault(note["rule"], set()).add((note["starttime"], note["endtime"]))
    seconds = {rule: sum(end - start for start, end in each) for rule, each in spans.items()}
    ranked = sorted(seconds.items(), key=lambda pair: (-pair[1], pair[0]))
    return {rule: round(number, 1) for rule, number in ranked}


def claims(copy):
    """Every number of the prose with the cell that it was read from, as rebuilt."""
    with (copy / "data/processed/variables.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(facts):
    """The report as a page that needs nothing else."""
    good = facts["reproduced"]
    verdict = f"{facts['outcome'].capitalize()}."
    environment = {**facts["environment"], **facts["environment"]["packages"]}
    environment.pop("packages")
    parts = [
        f'<p class="verdict {"good" if good else "bad"}">{verdict}</p>',
        f"<p>{escape(facts['article']['reference'])}</p>",
        f"<p>Built from the sources alone in an empty folder, on {escape(facts['checked'])}, in "
        f"{facts['seconds']['total']} s, and compared with the checksums that come with the "
        "sources.</p>",
        table("Artefacts", ["name", "expected", "rebuilt", "verdict"], facts["artefacts"]),
        table("Claims", ["name", "text", "value", "table", "row", "column"], facts["claims"]),
        table("Environment", ["what", "which"], pairs(environment)),
        table("Seconds by rule", ["what", "which"], pairs(facts["seconds"])),
    ]
    title = f"Reproduction report: {escape(facts['article']['title'])}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
        '\n<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def pairs(facts):
    """Facts as rows of a table."""
    return [{"what": key, "which": value} for key, value in facts.items()]


def table(heading, columns, rows):
    """A table under a heading, its first column as heads of the rows."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in columns)
    body = "\n".join(
        f'<tr><th scope="row">{escape(str(row[columns[0]]))}</th>'
        + "".join(f"<td>{shown(row[each])}</td>" for each in columns[1:])
        + "</tr>"
        for row in rows
    )
    head = f"<thead><tr>{head}</tr></thead>"
    return f"<h2>{heading}</h2>\n<table>\n{head}\n<tbody>\n{body}\n</tbody></table>"


def shown(value):
    """A value in a cell; of a checksum the beginning."""
    text = str(value)
    return f"<code>{text[:12]}…</code>" if re.fullmatch("[0-9a-f]{64}", text) else escape(text)


def codecheck(facts):
    """A codecheck.yml by the specification 1.0 of CODECHECK, for a codechecker to complete."""
    text = json.dumps  # a JSON text is a YAML text
    article = facts["article"]
    lines = [
        "---",
        "# Belongs in the top folder of the project, whose paths it names. Made by `make verify`;",
        "# codechecker, certificate and report are for whoever checks: without them it is no",
        "# CODECHECK, but what the machine that wrote it has found.",
        "version: https://codecheck.org.uk/spec/config/1.0/",
        "paper:",
        f"  title: {text(article['title'], ensure_ascii=False)}",
        "  authors:",
        *(f"    - name: {text(each['name'], ensure_ascii=False)}" for each in article["authors"]),
        f"  reference: {text(article['reference'], ensure_ascii=False)}",
        "manifest:",
    ]
    for each in facts["artefacts"]:
        lines += [f"  - file: {text(each['name'])}", f"    comment: {text(each['verdict'])}"]
    summary = f"Rebuilt from the sources alone; {facts['outcome']}."
    lines += [
        "codechecker: []  # to be filled in: a list with the name and the ORCID of each",
        f"summary: {text(summary)}",
        f"check_time: {text(facts['checked'])}",
        "# certificate: to be filled in",
        "# report: to be filled in",
    ]
    return "\n".join(lines) + "\n"
