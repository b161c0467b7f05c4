"""What a chapter in plain Markdown may refer to: papers by address, terms by slug, labels of this or another chapter.

A stored notebook names a paper with a link, ``[Belkin et al., 2019](https://doi.org/10.1073/pnas.1903070116)``. Here is
which address and which words belong to which entry of the bibliography, and how the chapters count what they number.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from pybtex.database import Entry, parse_file
from pybtex.richtext import Text

BIBLIOGRAPHY_FILE = "../book/references.bib"
GLOSSARY_PAGE = "../book/glossary.md"
LABEL = re.compile(r"(?:eq|ex)-\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")
NUMBERED = re.compile(
    r"""^[>\ ]*<a\ id="(?P<label>(?P<kind>eq|ex)-[^"]*)"></a>\ *$\n(?:[>\ ]*\n)*
        [>\ ]*(?:\$\$(?P<formula>.*?)\$\$ | \#{3}\ Exercise\ (?P<exercise>[\d.]+)\.\ )""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
TAG = re.compile(r"\s*\\tag\{([^{}]*)\}")


@dataclass(frozen=True)
class Paper:
    """An entry of the bibliography: its key there, and its authors and year as a sentence names them."""

    key: str
    authors: str
    year: str

    @property
    def words(self) -> str:
        return f"{self.authors}, {self.year}"


@dataclass(frozen=True)
class References:
    """Address -> paper, slug -> term of the glossary, file name of a chapter -> label -> number."""

    papers: dict[str, Paper]
    terms: dict[str, str]
    labels: dict[str, dict[str, str]]


def authors(entry: Entry) -> str:
    """One name, two names, or the first *et al.*"""
    names = [str(Text.from_latex(" ".join([*p.prelast_names, *p.last_names]))) for p in entry.persons["author"]]
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."


def address(key: str, entry: Entry) -> str:
    """Where a paper is found: its doi, else arXiv, else another address, else our file of references."""
    fields = entry.fields
    if "doi" in fields:
        return f"https://doi.org/{fields['doi']}".replace("(", "%28").replace(")", "%29")
    if "eprint" in fields:
        return f"https://arxiv.org/abs/{fields['eprint']}"
    return fields.get("url", f"{BIBLIOGRAPHY_FILE}#{key}")


def papers(bibliography: Path) -> dict[str, Paper]:
    """Address -> paper. Raises ``ValueError`` where two entries have one address."""
    found = {}
    for key, entry in parse_file(str(bibliography)).entries.items():
        place = address(key, entry)
        if place in found:
            raise ValueError(f"{bibliography.name}: {key} and {found[place].key} have the same address, {place}")
        found[place] = Paper(key, authors(entry), entry.fields["year"])
    return found


def slug(heading: str) -> str:
    """The anchor that GitHub, and MyST after it, gives to a heading.

    >>> slug("Marchenko–Pastur law"), slug("benign, tempered, catastrophic overfitting")
    ('marchenkopastur-law', 'benign-tempered-catastrophic-overfitting')
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def terms(glossary: str) -> dict[str, str]:
    """Slug -> term: the second headings of the page."""
    return {slug(name): name for name in re.findall(r"^## (.+)$", glossary, re.MULTILINE)}


def as_directive(glossary: str) -> str:
    """The page with its terms in a directive ``glossary``, to which the role ``term`` leads.

    >>> print(as_directive("# Words\\n\\n## bias\\n\\nWhat a method misses."))
    # Words
    <BLANKLINE>
    ````{glossary}
    bias
      What a method misses.
    ````
    """
    top, *entries = re.split(r"^## ", glossary, flags=re.MULTILINE)
    lines = []
    for entry in entries:
        name, _, text = entry.partition("\n")
        lines += [name.strip(), *(f"  {line}".rstrip() for line in text.strip().splitlines()), ""]
    return "\n".join([top + "````{glossary}", *lines[:-1], "````"])


def numbered(text: str) -> list[tuple[str, str]]:
    r"""(label, number) of each numbered equation and exercise of some Markdown, in order; "" where a number is missing.

    >>> numbered('<a id="eq-05-turn"></a>\n\n$$\nn^* \\tag{5.4}\n$$\n\n<a id="ex-05-a"></a>\n### Exercise 5.1. Read')
    [('eq-05-turn', '5.4'), ('ex-05-a', '5.1')]
    """
    found = []
    for match in NUMBERED.finditer(text):
        tag = TAG.search(match["formula"]) if match["formula"] else None
        found.append((match["label"], tag[1] if tag else match["exercise"] or ""))
    return found


def labels(cells: list[dict]) -> dict[str, str]:
    """label -> number of a notebook's numbered equations and exercises."""
    return {
        label: number
        for cell in cells
        if cell["cell_type"] == "markdown"
        for label, number in numbered("".join(cell["source"]))
    }
