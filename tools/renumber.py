"""Count the equations and exercises of the chapters anew, after one was put between others: python -m tools.renumber

Numbers stand in the notebooks, in \\tag{5.3} and ### Exercise 5.3., and in references, [(5.3)](#eq-05-peak).
The anchors stay; every number becomes that of its place.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LABELLED = re.compile(
    r"""(?P<before><a\ id="(?P<label>(?P<kind>eq|ex)-[\w-]+)"></a>[\s>]*
        (?: \$\$.*?\\tag\{ | \#{3}\ Exercise\ ))[\d.]*\d""",
    re.DOTALL | re.VERBOSE,
)
REFERENCE = re.compile(r"(\[\(|\[[Ee]xercise )[\d.]*\d(\)?\]\([\w.-]*#((?:eq|ex)-[\w-]+)\))")


def numbers(texts: list[str], chapter: int) -> dict[str, str]:
    r"""label -> the number of its place, equations and exercises each for themselves.

    >>> numbers(['<a id="eq-05-b"></a>\n\n$$\nx \\tag{5.9}\n$$', '<a id="ex-05-c"></a>\n\n### Exercise 5.3. C'], 5)
    {'eq-05-b': '5.1', 'ex-05-c': '5.1'}
    """
    found, count = {}, {"eq": 0, "ex": 0}
    for match in (match for text in texts for match in LABELLED.finditer(text)):
        count[match["kind"]] += 1
        found[match["label"]] = f"{chapter}.{count[match['kind']]}"
    return found


def renumbered(text: str, number: dict[str, str]) -> str:
    """The text with these numbers, at their places and in references; a label that is not among them keeps its own.

    >>> renumbered("by [(5.9)](#eq-05-b) and [Exercise 5.3](05-x.ipynb#ex-05-c)", {"eq-05-b": "5.1", "ex-05-c": "5.2"})
    'by [(5.1)](#eq-05-b) and [Exercise 5.2](05-x.ipynb#ex-05-c)'
    """
    text = LABELLED.sub(lambda m: m["before"] + number[m["label"]], text)
    return REFERENCE.sub(lambda m: m[1] + number[m[3]] + m[2] if m[3] in number else m[0], text)


def renumber(folder: Path) -> list[str]:
    """Rewrite the notebooks of a folder that need it; their names."""
    notebooks = {path: json.loads(path.read_text("utf8")) for path in sorted(folder.glob("[0-9][0-9]-*.ipynb"))}
    prose = {
        path: [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        for path, notebook in notebooks.items()
    }
    number, changed = {}, []
    for path, cells in prose.items():
        number |= numbers(["".join(cell["source"]) for cell in cells], int(path.name[:2]))
    for path, cells in prose.items():
        for cell in cells:
            cell["source"] = renumbered("".join(cell["source"]), number).splitlines(keepends=True)
        text = json.dumps(notebooks[path], ensure_ascii=False, indent=1) + "\n"
        if text != path.read_text("utf8"):
            path.write_text(text, "utf8")
            changed.append(path.name)
    return changed


if __name__ == "__main__":
    print("\n".join(renumber(ROOT / "notebooks")) or "every number is that of its place")
