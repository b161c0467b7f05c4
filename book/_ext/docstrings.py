"""A docstring as nodes of a page, as it stands: text with formulas in letters, lists of arguments, doctests.

What is recognized: paragraphs; ``code``, **bold**, *stress* and :math:`…` in them; ``.. math::``; doctests; lists of
names with what each means, whether their second column is aligned, comes after " : ", or stands under ``Args:``; and
lines that are set off, which are formulas or pictures in letters, and keep their spaces.
"""

import inspect
import re
from collections.abc import Callable

from docutils import nodes

INLINE = re.compile(
    r"``(?P<code>[^`]+)``|:math:`(?P<math>[^`]+)`|\*\*(?P<bold>[^*\n]+)\*\*|(?<![\w*])\*(?P<stress>\w(?:[^*\n]*\w)?)\*(?![\w*])"
)
ALIGNED = re.compile(r"(?P<name>\S(?:(?! {2}).){0,38}?) {2,}(?P<text>\S.*)")
COLON = re.compile(r"(?P<name>\w+(?:, \w+)*) ?: (?P<text>\S.*)")
HEADING = re.compile(r"(Args|Raises|Returns): ?(.*)")
HEADINGS = {"Args": "Arguments", "Raises": "Raises", "Returns": "Returns"}
DIRECTION = re.compile(r"\s*# doctest:.*$", re.MULTILINE)
AFTER_ENTRY = re.compile(r"(?<=\.) {2}(?=\w+(?:, \w+)* : )")


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def blocks(doc: str) -> list[list[str]]:
    """The lines of a docstring in groups that blank lines part; a formula stays whole.

    >>> blocks("One line.\\n\\n    Two.\\n    Three.")
    [['One line.'], ['Two.', 'Three.']]
    """
    found, group = [], []
    for line in [*inspect.cleandoc(doc).splitlines(), ""]:
        if line.strip():
            group.append(line.rstrip())
        elif group:
            found.append(group)
            group = []
    return found


def summary(doc: str) -> str:
    """The first paragraph, as one line."""
    return re.sub(r"\s+", " ", " ".join(blocks(doc)[0])) if (doc or "").strip() else ""


def entries(lines: list[str], pattern: re.Pattern) -> list[tuple[str, str]] | None:
    """(name, what it means) where each line begins an entry or, set off, goes on with one; None where it is no list.

    >>> entries(["n     samples", "      of X", "ridge per sample"], ALIGNED)
    >>> entries(["n      samples", "       of X", "ridge  per sample"], ALIGNED)
    [('n', 'samples of X'), ('ridge', 'per sample')]
    """
    found = []
    for line in lines:
        match = pattern.fullmatch(line)
        if match and not match["name"].endswith((".", ":", ";", ",")):
            found.append([match["name"], match["text"]])
        elif found and indent(line) > indent(lines[0]):
            found[-1][1] += " " + line.strip()
        else:
            return None
    return [(name, re.sub(r"\s+", " ", text)) for name, text in found]


def inline(text: str, link: Callable[[str], nodes.Node | None]) -> list[nodes.Node]:
    """The parts of a text; ``link`` makes a reference of a name that is known."""
    found, at = [], 0
    for match in INLINE.finditer(text):
        found.append(nodes.Text(text[at : match.start()]))
        at = match.end()
        if match["code"]:
            found.append(link(match["code"]) or nodes.literal("", match["code"]))
        elif match["math"]:
            found.append(nodes.math("", match["math"]))
        elif match["bold"]:
            found.append(nodes.strong("", match["bold"]))
        else:
            found.append(nodes.emphasis("", match["stress"]))
    return [node for node in [*found, nodes.Text(text[at:])] if node.astext()]


def preformatted(lines: list[str], language: str) -> nodes.literal_block:
    text = inspect.cleandoc("\n".join(["", *lines]))
    if language == "pycon":
        text = DIRECTION.sub("", text)
    return nodes.literal_block(text, text, language=language, classes=["library-" + language])


def definitions(found: list[tuple[str, str]], link) -> nodes.definition_list:
    rows = nodes.definition_list(classes=["library-arguments"])
    for name, text in found:
        body = nodes.paragraph("", "", *inline(text, link))
        rows += nodes.definition_list_item("", nodes.term("", "", nodes.literal("", name)), nodes.definition("", body))
    return rows


def paragraph(lines: list[str], link) -> nodes.paragraph:
    return nodes.paragraph("", "", *inline(" ".join(line.strip() for line in lines), link))


def under_heading(lines: list[str], link) -> list[nodes.Node]:
    """``Args:`` and the like with what is set off below it."""
    name, also = HEADING.fullmatch(lines[0]).groups()
    title = nodes.paragraph("", "", nodes.strong("", HEADINGS[name]), classes=["library-heading"])
    title += [nodes.Text(" "), *inline(also, link)] if also else []
    found, rest = [], []
    for line in inspect.cleandoc("\n".join(["", *lines[1:]])).splitlines():
        if match := COLON.fullmatch(line):
            found.append((match["name"], match["text"]))
        elif indent(line) and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            rest.append(line)
    return [title, *([definitions(found, link)] if found else []), *([paragraph(rest, link)] if rest else [])]


def block(lines: list[str], link) -> list[nodes.Node]:
    """One group of lines as nodes."""
    if lines[0].lstrip().startswith(">>>"):
        return [preformatted(lines, "pycon")]
    if lines[0].startswith(".. math::"):
        tex = "\n".join([lines[0].removeprefix(".. math::"), *lines[1:]]).strip()
        return [nodes.math_block(tex, tex, nowrap=False, number=None, label=None)]
    if HEADING.fullmatch(lines[0]) and len(lines) > 1 and indent(lines[1]):
        return under_heading(lines, link)
    if re.fullmatch(r"[= ]{6,}", lines[0]):  # a table drawn in letters; its columns stay where they are
        return [preformatted([re.sub(r"``([^`]+)``", r"\1    ", line).rstrip() for line in lines], "text")]
    if all(indent(line) for line in lines):
        return [preformatted(lines, "text")]
    several = len([line for line in lines if not indent(line)]) > 1 or len(lines) > 1
    listed = entries(lines, ALIGNED) if several else None
    if listed is None and several:
        parted = [part for line in lines for part in AFTER_ENTRY.split(line)]
        listed = entries(parted, re.compile(COLON.pattern.replace(" ?:", " :")))
    return [definitions(listed, link)] if listed else [paragraph(lines, link)]


def body(doc: str, link: Callable[[str], nodes.Node | None] = lambda name: None) -> list[nodes.Node]:
    """All of a docstring."""
    return [node for lines in blocks(doc) for node in block(lines, link)]
