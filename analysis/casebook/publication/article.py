"""The article and its compendium as objects: what every format is written from."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """An author.

    Attributes:
        given, family: names; `family` is without particles.
        particle: what belongs to the family name and is never dropped ("van der").
        dropping: what precedes the family name in full names only ("von").
        suffix: what follows the name ("Jr.").
        email, orcid: as known, else "".
        affiliations: institutions in order.
        corresponding: whether readers should write to this author.
    """

    given: str
    family: str
    particle: str = ""
    dropping: str = ""
    suffix: str = ""
    email: str = ""
    orcid: str = ""
    affiliations: tuple[str, ...] = ()
    corresponding: bool = False

    @property
    def surname(self) -> str:
        """Family name with the particle that belongs to it."""
        return " ".join(filter(None, [self.particle, self.family]))

    @property
    def forenames(self) -> str:
        """Given names with the particle that follows them in inverted names."""
        return " ".join(filter(None, [self.given, self.dropping]))

    @property
    def full(self) -> str:
        """As `Given van der Family Jr.`."""
        return " ".join(filter(None, [self.forenames, self.surname, self.suffix]))

    @property
    def inverted(self) -> str:
        """As `van der Family, Given, Jr.`."""
        return ", ".join(filter(None, [self.surname, self.forenames, self.suffix]))

    @property
    def orcid_address(self) -> str:
        """The ORCID iD as an address, or ""."""
        return self.orcid and f"https://orcid.org/{self.orcid}"


@dataclass(frozen=True)
class Conference:
    """A conference; what is not known is ""."""

    name: str
    number: str = ""
    dates: str = ""
    start: str = ""
    end: str = ""
    place: str = ""


@dataclass(frozen=True)
class Compendium:
    """Data, code and text that build the article; what is not known is ""."""

    title: str
    abstract: str
    contributors: tuple[str, ...]
    version: str
    licenses: Mapping[str, str]
    released: str = ""
    repository: str = ""
    site: str = ""


@dataclass(frozen=True)
class Article:
    """An article; texts that are not known are "", dates are `YYYY-MM-DD`."""

    title: str
    lang: str
    authors: tuple[Person, ...]
    keywords: tuple[str, ...]
    journal: Mapping[str, str]
    published: str
    compendium: Compendium
    submitted: str = ""
    accepted: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    publisher: str = ""
    doi: str = ""
    issn: str = ""
    isbn: str = ""
    license: Mapping[str, str] = field(default_factory=dict)
    proceedings: str = ""
    conference: Conference | None = None
    organisers: tuple[str, ...] = ()
    edition: Mapping[str, str] = field(default_factory=dict)
    deposit: Mapping[str, str] = field(default_factory=dict)

    @property
    def presented(self) -> bool:
        """Whether this is a conference paper rather than a journal article."""
        return bool(self.proceedings or self.conference)

    @property
    def year(self) -> str:
        """Year of publication."""
        return self.published[:4]

    @property
    def language(self) -> str:
        """Language without region, as ISO 639-1 has it."""
        return self.lang.split("-")[0]

    @property
    def pages(self) -> str:
        """`8`, `8-19` or ""."""
        return "-".join(filter(None, [self.first_page, self.last_page]))

    @property
    def published_in(self) -> str:
        """Where it appeared: `Proceedings, Journal, 1(1), 8-19`."""
        issue = f"({self.issue})" if self.issue else ""
        number = f"{self.volume}{issue}"
        return ", ".join(
            filter(None, [self.proceedings, self.journal["title"], number, self.pages])
        )

    @property
    def keyword_line(self) -> str:
        """The keywords, separated by commas, or by semicolons where a keyword has a comma."""
        return ("; " if any("," in keyword for keyword in self.keywords) else ", ").join(
            self.keywords
        )

    @property
    def doi_address(self) -> str:
        """The DOI as an address, or ""."""
        return self.doi and f"https://doi.org/{self.doi}"

    @property
    def license_address(self) -> str:
        """Address of the licence of the article, or else of the text of this edition."""
        return self.license.get("url") or license_address(self.compendium.licenses["text"])

    @property
    def rights(self) -> str:
        """What one may do with the text, in a sentence that says which text is meant."""
        if self.license:
            return f"The article is licensed under {self.license['name']} ({self.license['url']})."
        name = self.compendium.licenses["text"]
        edition = self.edition.get("name", "edition").lower()
        return f"The text of this {edition} is licensed under {name} ({license_address(name)})."

    @property
    def key(self) -> str:
        """A citation key of ASCII letters: family name, year, first word of the title."""
        words = [self.authors[0].family, self.year, self.title.split()[0]]
        return re.sub(r"[^a-z0-9]", "", _ascii("".join(words)).lower())

    @property
    def date_parts(self) -> list[int]:
        """Year, month and day of publication."""
        return [int(part) for part in self.published.split("-")]


def license_address(name: str) -> str:
    """Where a licence can be read, by its SPDX name."""
    if name == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if terms := re.fullmatch(r"CC-(BY[A-Z-]*)-(\d\.\d)", name):
        return f"https://creativecommons.org/licenses/{terms[1].lower()}/{terms[2]}/"
    return f"https://spdx.org/licenses/{name}.html"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def read_article(record: Mapping) -> Article:
    """Make the objects of a record from `read_record`."""
    publication = record["publication"]
    conference = publication.get("conference")
    optional = ("volume", "issue", "publisher", "doi", "issn", "isbn", "license", "proceedings")
    known = {key: publication[key] for key in optional if key in publication}
    return Article(
        title=record["title"],
        lang=record["lang"],
        authors=tuple(_person(author) for author in record["author"]),
        keywords=tuple(record["keywords"]),
        journal=publication["journal"],
        **publication["history"],
        first_page=publication.get("first-page", ""),
        last_page=publication.get("last-page", ""),
        conference=conference and Conference(**conference),
        organisers=tuple(publication.get("organisers", ())),
        edition=publication.get("edition", {}),
        compendium=_compendium(record["compendium"]),
        deposit=record.get("deposit", {}),
        **known,
    )


def _person(author: Mapping) -> Person:
    name = author["name"]
    return Person(
        given=name["given"],
        family=name["family"],
        particle=name.get("non-dropping-particle", ""),
        dropping=name.get("dropping-particle", ""),
        suffix=name.get("suffix", ""),
        email=author.get("email", ""),
        orcid=author.get("orcid", ""),
        affiliations=tuple(author.get("affiliations", ())),
        corresponding=author.get("corresponding", False),
    )


def _compendium(compendium: Mapping) -> Compendium:
    return Compendium(**{**compendium, "contributors": tuple(compendium["contributors"])})


def known(facts: Mapping) -> dict:
    """Leave out what is not known: empty texts, lists and mappings, and None."""
    return {key: value for key, value in facts.items() if value not in ("", None, [], {}, ())}
