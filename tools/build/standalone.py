"""Chapters as they are read outside the book, in the JupyterLab of a browser or of a laptop.

Nothing there can look up the book's glossary and bibliography: a term is given as its words, a citation as its authors
and year. Everything else, the code above all, is as in the repository.
"""

import functools
import json
import re
from pathlib import Path

from pybtex.database import BibliographyData, parse_file
from pybtex.richtext import Text

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = ROOT / "book" / "references.bib"
TERM = re.compile(r"\{term\}`([^`<]+?)(?:\s*<[^`>]+>)?`")
CITATION = re.compile(r"\{cite(?::[pt])?\}`([^`]+)`")


@functools.cache
def references() -> BibliographyData:
    return parse_file(str(REFERENCES))


def authors_and_year(key: str) -> str:
    entry = references().entries[key]
    names = [str(Text.from_latex(" ".join([*p.prelast_names, *p.last_names]))) for p in entry.persons["author"]]
    authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{authors}, {entry.fields['year']}"


def text(markdown: str) -> str:
    """The words of a cell without the two roles that only the book knows.

    >>> text("A {term}`power law <power-law>` or {term}`scaling law` of {cite}`cui2021generalization`.")
    'A power law or scaling law of [Cui et al., 2021].'
    """

    def cited(match):
        return "[" + "; ".join(authors_and_year(key.strip()) for key in match[1].split(",")) + "]"

    return CITATION.sub(cited, TERM.sub(r"\1", markdown))


def notebook(path: Path) -> bytes:
    """The file of a chapter, its markdown cells changed by `text`."""
    content = json.loads(path.read_text("utf8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = text("".join(cell["source"])).splitlines(keepends=True)
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
