"""The numbers that the prose quotes, all in one list: python -m tools.check.quotes (after `make book`).

Each is printed beside what its chapter computed, with half a unit of the last digit, the standard error and the ratio
of the difference that is allowed to that error. The rule: a number may differ from the computed one by half a unit of
its last digit and two standard errors, never by more. Half a unit is to be about the standard error s: between s/√10
and s·√10 lies exactly one place for the last digit, and a number printed with more digits than that claims a precision
that it has not (the ratio falls below 2.3). The standard error is also at most a fifth of the number, which else says
too little to be quoted. Both may be left aside where the text gives the error with it, "0.8 ± 0.2": one or two standard
errors, known to 30 % where they come from six draws or more. Zeros at the end of a whole number, "some 800", are not
counted as its last digit. What has no standard error is listed as exact: it must not be a matter of chance.
"""

import ast
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from renorm_book import quotes

ROOT = Path(__file__).resolve().parents[2]
DIGITS = math.sqrt(10)  # half a unit may be smaller than the standard error by this factor, not by more
SHARE = 5  # the standard error is at most this part of what is quoted
ERROR_KNOWN_TO = 0.3  # 1/√(2(R − 1)), the relative error of a standard error from R = 6 or 7 draws


@dataclass(frozen=True)
class Quote:
    """One call of ``quote`` while a chapter was executed: the fields that renorm_book.quote writes, and the chapter."""

    chapter: str
    text: str
    value: float
    computed: float
    half_unit: float
    coarse_half_unit: float
    se: float = 0.0
    error: float | None = None
    error_half_unit: float | None = None

    @property
    def allowed(self) -> float:
        """The largest difference that would still have passed."""
        return self.half_unit + 2 * self.se

    @property
    def exact(self) -> bool:
        """Whether it has no standard error, but for rounding: the spread of draws that are all the same."""
        return abs(self.se) <= 1e-12 * abs(self.computed)

    @property
    def ratio(self) -> float:
        """Of the allowed difference to the standard error; infinite for what is not a matter of chance."""
        return math.inf if self.exact else self.allowed / self.se


def problems(quote: Quote) -> list[str]:
    """What the rule has against a quote.

    >>> problems(Quote("05", "the error is 0.3871", 0.3871, 0.3869, 0.00005, 0.00005, se=0.004))
    ['printed to 0.0001, while the standard error is 0.004: print fewer digits, or draw more']
    """
    found = []
    if not quote.se >= 0 or not math.isfinite(quote.se):
        return [*found, f"a standard error of {quote.se:g}"]
    if not abs(quote.computed - quote.value) <= quote.allowed * (1 + 1e-9):
        found.append(f"computed {quote.computed:.6g}, which is not {quote.value:g} to {quote.allowed:.2g}")
    if quote.error is not None:
        low = (1 - ERROR_KNOWN_TO) * quote.se - quote.error_half_unit
        high = 2 * (1 + ERROR_KNOWN_TO) * quote.se + quote.error_half_unit
        if quote.exact or not low <= quote.error <= high:
            found.append(f"± {quote.error:g} is neither one nor two standard errors, which are {quote.se:.2g} each")
    elif not quote.exact:
        if quote.se > DIGITS * quote.coarse_half_unit:
            unit = 2 * quote.coarse_half_unit
            found.append(
                f"printed to {unit:g}, while the standard error is {quote.se:.2g}: print fewer digits, or draw more"
            )
        if quote.value != 0 and quote.se > abs(quote.value) / SHARE:
            found.append(f"the standard error {quote.se:.2g} is more than a fifth of it: draw more, or print ±")
    return found


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls of ``quote`` below a node of some code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "quote":
            yield node


def columns(loop: ast.For) -> dict[str, list[ast.expr]]:
    """What each variable of a loop over a list that is written out becomes."""
    if not isinstance(loop.iter, (ast.Tuple, ast.List)):
        return {}
    if isinstance(loop.target, ast.Name):
        return {loop.target.id: loop.iter.elts}
    rows = [row.elts for row in loop.iter.elts if isinstance(row, (ast.Tuple, ast.List))]
    if len(rows) < len(loop.iter.elts):
        return {}
    return {name.id: [row[i] for row in rows] for i, name in enumerate(loop.target.elts) if isinstance(name, ast.Name)}


def texts(source: str) -> list[str]:
    """The text of each quote of some code, written out in the call or in the loop around it.

    >>> texts('for text, k in (("0.5 at", 1), ("0.7 at", 2)):\\n    quote(text, f(k))\\nquote("3 of", 3)')
    ['3 of', '0.5 at', '0.7 at']

    Raises ``ValueError`` where it is written nowhere.
    """
    tree, found = ast.parse(source), []
    loops = [
        (columns(loop), {id(call) for call in calls(loop)}) for loop in ast.walk(tree) if isinstance(loop, ast.For)
    ]
    for call in calls(tree):
        text = call.args[0] if call.args else None
        nodes = [text] if isinstance(text, ast.Constant) else []
        for variables, inside in loops:
            if id(call) in inside and isinstance(text, ast.Name):
                nodes = variables.get(text.id, nodes)
        if not nodes or not all(isinstance(node, ast.Constant) for node in nodes):
            raise ValueError(
                f"line {call.lineno}: the text of a quote is written out, in the call or the loop around it"
            )
        found += [node.value for node in nodes]
    return found


def written(source: str) -> list[str]:
    """What can be said against the quotes of some code before it runs: a tolerance, a standard error typed by hand.

    >>> written('quote("about 3", x, tolerance=1)')
    ["quote('about 3'): no tolerance, but se=…, computed in the chapter"]
    >>> written('quote("about 3", x, se=0.2)')
    ["quote('about 3'): se is typed; compute it"]
    >>> written('quote("about 3", x.mean(), se=x.std(ddof=1) / 20**0.5)')
    []
    """
    found = []
    for call in calls(ast.parse(source)):
        text = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else "…"
        settings = {keyword.arg: keyword.value for keyword in call.keywords}
        if len(call.args) > 2 or "tolerance" in settings:
            found.append(f"quote({text!r}): no tolerance, but se=…, computed in the chapter")
        if "se" in settings and not any(isinstance(node, ast.Name) for node in ast.walk(settings["se"])):
            found.append(f"quote({text!r}): se is typed; compute it")
    return found


def code(path: Path) -> str:
    """The code that holds a notebook's prose to what its cells compute; empty where it has none."""
    file = quotes.file_of(path.stem)
    return file.read_text("utf8") if file.is_file() else ""


def chapters() -> list[Path]:
    return sorted(path for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem[:2] != "00")


def recorded(path: Path) -> list[Quote] | None:
    """The quotes of a chapter as the book's build executed it, or None where it has not been in its present form."""
    from jupyter_cache import get_cache

    from tools.build import notebooks

    if not notebooks.CACHE.exists():
        return None
    nb = notebooks.read(path)
    try:
        record = get_cache(str(notebooks.CACHE)).match_cache_notebook(nb)
    except KeyError:
        return None
    rows = record.data.get("quotes")
    if rows is None or record.data.get("library") != notebooks.library_digest(nb, path):
        return None
    return [Quote(path.stem[:2], **row) for row in rows]


def table(quotes: list[Quote]) -> str:
    """One line per quote, in plain columns.

    >>> print(table([Quote("05", "it is 0.39", 0.39, 0.3871, 0.005, 0.005, se=0.004)]))
    ch        printed       computed  half unit         se    allowed  allowed/se  text
    05           0.39         0.3871      0.005      0.004      0.013         3.2  it is 0.39
    """
    lines = ["ch        printed       computed  half unit         se    allowed  allowed/se  text"]
    for q in quotes:
        se, ratio = (f"{q.se:.2g}", f"{q.ratio:.1f}") if not q.exact else ("exact", "")
        lines.append(
            f"{q.chapter}  {q.value:>13.6g}  {q.computed:>13.6g}  {q.half_unit:>9.2g}  {se:>9}  {q.allowed:>9.2g}  "
            f"{ratio:>10}  {q.text}"
        )
    return "\n".join(lines)


def main() -> None:
    found, against = [], []
    for path in chapters():
        against += [f"{path.stem}: {problem}" for problem in written(code(path))]
        rows = recorded(path)
        if rows is None:
            against.append(f"{path.stem}: not executed in its present form: run `make book`")
            continue
        found += rows
        against += [f"{path.stem}: {row.text!r}: {problem}" for row in rows for problem in problems(row)]
    print(table(found))
    print(f"\n{len(found)} quotes, {sum(not q.exact for q in found)} of them with a standard error")
    if against:
        sys.exit("\n".join(["", *against]))


if __name__ == "__main__":
    main()
