"""Begin a chapter: everything that one consists of, small, running and tested, to be written over.

python -m tools.new_chapter 11 when-interpolation-is-harmless

writes the notebook, its figures, checks and quotes, the table of answers that tests the checks, and the line in
_toc.yml.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import nbformat

from tools import openings

ROOT = Path(__file__).resolve().parents[1]

FIGURES = '''"""Figures of chapter {number}, {name}: the notebook computes, these functions draw."""

import numpy as np

from renorm_book.style import line

__all__ = ["SHARES", "shares"]


def shares(ax, kappa) -> dict:
    """Share of each weight that is learned, s/(s + κ), against the variance s of its direction."""
    s = np.geomspace(1e-4, 1, 120)
    ax.plot(s, s / (s + kappa), **line("kappa", linestyle="-", label="$s/(s+\\\\kappa)$"))
    ax.axvline(kappa, color="0.55", linewidth=1, label="_at kappa")
    ax.set(xscale="log", xlim=(1e-4, 1), ylim=(0, 1.05), yticks=[0, 0.5, 1])
    ax.set(xlabel="variance of the direction, $s$", ylabel="share of the weight learned")
    ax.legend(loc="upper left")
    return {{"whole": 1 / (1 + kappa)}}


SHARES = dict(
    name="shares",
    title="What is learned",
    readout="At κ = {{kappa}} the direction of variance 1 is learned to {{whole:.0%}}.",
    alt="The share that is learned rises with the variance of the direction and is one half where it equals κ.",
    caption="Share of each weight that is learned, against the variance of its direction.",
)
'''

QUOTES = '''"""What chapter {number} quotes, held to what its cells computed: a part runs after the cell it names."""

from renorm_book.quote import quote

# %% after shares
s = 0.01
quote("0.50 at $s=", s / (s + 0.01))
'''

CHECKS = '''"""Instant checks of chapter {number}, {name}."""

import numpy as np

from renorm_book.exercise import Exercise
from renorm_book.verdict import Verdict

__all__ = ["share"]

_SHARE = Exercise(
    signature="share(s, kappa)",
    returns="one share for each variance",
    cases=((np.array([0.5, 0.1, 0.02]), 0.1), (np.array([1.0, 0.3]), 2.0)),
    exact=lambda s, kappa: s / (s + kappa),
    mistakes=(
        ("what is not learned", lambda s, kappa: kappa / (s + kappa), "This is the share that is missing."),
        ("squared", lambda s, kappa: (s / (s + kappa)) ** 2, "This is what it does to an energy, not to a weight."),
        ("a ratio", lambda s, kappa: s / kappa, "A share is at most one; this grows without bound."),
    ),
    said="Half of a weight is learned where the variance equals κ.",
    hint="What should happen to a direction of much larger variance than κ, and to one of much smaller?",
)


def share(answer) -> Verdict:
    """s / (s + κ)."""
    return _SHARE.judge(answer)
'''

ANSWERS = '''"""Answers to chapter {number}'s exercises."""

from exercise_table import Row

from renorm_book.chapter{number:02d} import checks as check

TABLE = {{
    "share": Row(
        check.share,
        scalar=False,
        right={{"the formula": lambda s, kappa: s / (s + kappa), "the rest": lambda s, kappa: 1 - kappa / (s + kappa)}},
        wrong={{
            "what is not learned": lambda s, kappa: kappa / (s + kappa),
            "squared": lambda s, kappa: (s / (s + kappa)) ** 2,
            "a ratio": lambda s, kappa: s / kappa,
            "unrecognised": lambda s, kappa: s,
            "shape": lambda s, kappa: 0.5,
        }},
        exercise=check._SHARE,
    ),
}}
'''

# (kind, id, tags, source); a chapter in the book has more: tests/book/test_notebooks.py says what
CELLS = [
    ("markdown", "title", (), "# {title}\n\n**The question of the chapter, in one sentence.**"),
    (
        "code",
        "setup",
        ("hide-input",),
        """# The libraries of this chapter.
from liveplate import LogSteps, explore
from renorm_book import style
from renorm_book.chapter{number:02d} import checks as check
from renorm_book.chapter{number:02d} import figures

style.use()""",
    ),
    (
        "markdown",
        "predict",
        (),
        "> **Predict first.** How much is learned where $s=\\kappa$?",
    ),
    (
        "code",
        "shares",
        ("hide-input",),
        """# Live figure: What is learned
explore(
    figures.shares,
    **figures.SHARES,
    kappa=LogSteps(0.001, 0.1, 21, value=0.01, label="resolution", symbol="κ"),
)""",
    ),
    (
        "markdown",
        "ex-share",
        (),
        '<a id="ex-{number:02d}-share"></a>\n\n### Exercise {number}.1. What is learned\n\n'
        "Write `share(s, kappa)`, the share of a weight that is learned.",
    ),
    ("code", "ex-share-code", (), "def share(s, kappa):\n    return ...\n\n\ncheck.share(share)"),
    (
        "markdown",
        "sol-share",
        (),
        "<details><summary>Solution</summary>\n\n"
        "~~~python\ndef share(s, kappa):\n    return s / (s + kappa)\n~~~\n\nIt is 0.50 at $s=\\kappa$.\n\n</details>",
    ),
    (
        "markdown",
        "not-claimed",
        (),
        "> **What is not claimed.** What the chapter has not shown.",
    ),
    ("markdown", "breath", (), "> **In one breath.** Three sentences to remember."),
]


def notebook(**words) -> str:
    cells = []
    for kind, name, tags, source in CELLS:
        new = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        metadata = {"jupyter": {"source_hidden": True}} if "hide-input" in tags else {}  # JupyterLab's word for the tag
        metadata |= {"tags": list(tags)} if tags else {}
        cells.append(new(source.format(**words), id=name, metadata=metadata))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nb = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    begun = json.loads(nbformat.writes(nb))
    return openings.stored(openings.opened(begun, f"{words['number']:02d}", openings.address()))


def listed(contents: str, page: str) -> str:
    """_toc.yml with one more page, after its last chapter.

    >>> listed("  - file: notebooks/01-a\\n  - file: book/notation\\n", "notebooks/02-b")
    '  - file: notebooks/01-a\\n  - file: notebooks/02-b\\n  - file: book/notation\\n'
    """
    lines = contents.splitlines(keepends=True)
    last = max(i for i, line in enumerate(lines) if "file: notebooks/" in line)
    return "".join([*lines[: last + 1], f"{lines[last].split('notebooks/')[0]}{page}\n", *lines[last + 1 :]])


def files(number: int, slug: str) -> dict[str, str]:
    """What a chapter consists of: path in the repository -> text."""
    title = slug.replace("-", " ").capitalize()
    words = {"number": number, "title": title, "name": title[0].lower() + title[1:]}
    code = f"book/renorm_book/chapter{number:02d}"
    return {
        f"notebooks/{number:02d}-{slug}.ipynb": notebook(**words),
        f"{code}/__init__.py": f'"""Chapter {number}: figures and checks."""\n',
        f"{code}/figures.py": FIGURES.format(**words),
        f"{code}/checks.py": CHECKS.format(**words),
        f"{code}/quotes.py": QUOTES.format(**words),
        f"tests/book/answers_{number:02d}.py": ANSWERS.format(**words),
    }


def begin(root: Path, number: int, slug: str) -> list[str]:
    """Write a chapter's files, never over others; the names of what was written."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        sys.exit(f"{slug}: the name of a chapter is its address: lower case and digits, with hyphens between words")
    texts = files(number, slug)
    taken = [name for name in texts if (root / name).exists()]
    taken += [path.relative_to(root).as_posix() for path in (root / "notebooks").glob(f"{number:02d}-*")]
    if taken:
        sys.exit(f"chapter {number} is there: {', '.join(sorted(set(taken)))}")
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf8")
    toc = root / "_toc.yml"
    toc.write_text(listed(toc.read_text("utf8"), f"notebooks/{number:02d}-{slug}"), "utf8")
    return [*texts, toc.name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("number", type=int, choices=range(1, 100), metavar="NUMBER")
    parser.add_argument("slug", help="the name in its address: lower case, hyphens; it stays")
    given = parser.parse_args()
    print("\n".join(begin(ROOT, given.number, given.slug)))


if __name__ == "__main__":
    main()
