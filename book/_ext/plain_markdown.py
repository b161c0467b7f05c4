"""A chapter's plain Markdown, as every viewer shows it, turned into the MyST that the pages are made of.

What is stored in a notebook is Markdown with two tags of HTML. Its links to papers become citations, its block quotes
with a bold title boxes, its `<details>` folded hints, answers and solutions, its `\\tag{5.3}` numbered equations.
CONTRIBUTING.md lists the forms. Whatever looks like one of them and is not is a problem, told with cell and line.
"""

import re
from dataclasses import dataclass, field

from plain_links import Linked, masked
from plain_references import LABEL, TAG, References

BOXES = {
    "Predict first": "predict",
    "What is not claimed": "not-claimed",
    "In one breath": "breath",
    "What you will be able to do": "aims",
    "Careful": "caution",
}
FOLDED = {"Hint": "hint dropdown", "Answer": "answer dropdown", "Check yourself": "check dropdown"}  # others: a title
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ANCHOR = re.compile(r'<a id="([^"]*)"></a> *')
EXERCISE = re.compile(r"### Exercise ([\d.]+)\. (.+)")
BOX = re.compile(r"\*\*([^*]+?)\.\*\* *(.*)")
OPENING = re.compile(r"<details><summary>([^<>]+)</summary>")
REMNANTS = re.compile(r"\{[a-z:+-]+\}`|^[> ]*:::|^[> ]*:[a-z-]+: |^\([\w-]+\)=\s*$|\$\$ *\([\w-]+\) *$")
HTML = re.compile(r"</?[a-zA-Z][^>]*>")
OURS = re.compile(rf"^[> ]*(?:{ANCHOR.pattern}|{OPENING.pattern}|</details>) *$")


@dataclass
class Chapter:
    """One notebook on its way to MyST: `cell` takes its markdown cells in order; `problems` are (cell, line, words)."""

    name: str  # of the file
    references: References
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)  # label -> number, as far as read
    _solved: set[str] = field(default_factory=set)
    _exercise: str = ""  # the last one's label
    _id: str = ""

    def cell(self, name: str, text: str) -> str:
        """The MyST of one markdown cell."""
        self._id = name
        self._foreign(text)
        lines = Linked(self.name, self.references, self._problem).linked(text).split("\n")
        return "\n".join(self._blocks(lines, 1))

    def _problem(self, line: int, words: str) -> None:
        self.problems.append((self._id, line, words))

    def _foreign(self, text: str) -> None:
        """MyST, and HTML that is none of ours, outside of code and formulas."""
        for at, line in enumerate(masked(text).split("\n"), 1):
            if REMNANTS.search(line):
                self._problem(at, f"MyST in a stored notebook: {line.strip()[:60]}")
            html = HTML.search(OURS.sub("", line))
            if html:
                self._problem(at, f"HTML other than <a id> and <details>, each on a line by itself: {html[0]}")

    def _blocks(self, lines: list[str], first: int) -> list[str]:
        """The MyST of some lines, the first of which is line `first` of the cell."""
        out, i, asking = [], 0, False  # asking: an exercise's text is open

        def close():
            nonlocal asking
            if asking:
                while out[-1] == "":
                    out.pop()
                out.extend(["::::", ""])
            asking = False

        while i < len(lines):
            line, at = lines[i], first + i
            fence = FENCE.match(line)
            if fence:
                end = self._end(lines, i, lambda x, f=fence[1]: x.strip() == f, at, "a block of code is not closed")
                if "{" in line:
                    self._problem(at, "a directive: see CONTRIBUTING.md for the plain form")
                out += lines[i : end + 1]
                i = end + 1
            elif line.startswith("$$"):
                block, i = self._formula(lines, i, at)
                if TAG.search("\n".join(block)):
                    self._problem(at, 'a \\tag without the line <a id="eq-…"></a> above')
                out += block
            elif line.startswith("<a id="):
                close()
                block, i, asking = self._labelled(lines, i, at)
                out += block
            elif line.startswith("<details"):
                close()
                block, i = self._folded(lines, i, at)
                out += block
            elif line.startswith(">"):
                end = i
                while end < len(lines) and lines[end].startswith(">"):
                    end += 1
                out += self._box(lines[i:end], at)
                i = end
            else:
                if line.startswith("#"):
                    close()
                self._plain(line, at)
                out.append(line)
                i += 1
        close()
        return out

    def _end(self, lines: list[str], i: int, closes, at: int, words: str) -> int:
        for end in range(i + 1, len(lines)):
            if closes(lines[end]):
                return end
        self._problem(at, words)
        return len(lines) - 1

    def _formula(self, lines: list[str], i: int, at: int) -> tuple[list[str], int]:
        """The lines of a display from $$ to $$, and the place after it."""
        opened, end = lines[i].rstrip(), i
        if len(opened) < 4 or not opened.endswith("$$"):
            end = self._end(lines, i, lambda line: "$$" in line, at, "a formula is not closed")
        block = lines[i : end + 1]
        if "\\\\" in "".join(block) and r"\begin{" not in "".join(block):
            self._problem(at, r"a line break \\ stands in an environment, \begin{aligned} for one")
        return block, end + 1

    def _labelled(self, lines: list[str], i: int, at: int) -> tuple[list[str], int, bool]:
        """What an anchor stands above: a numbered equation, or an exercise, whose text then goes on."""
        anchor = ANCHOR.fullmatch(lines[i])
        label = anchor[1] if anchor else ""
        chapter = self.name[:2]
        if not LABEL.fullmatch(label) or label[3:5] != chapter:
            self._problem(at, f'an anchor is written <a id="eq-{chapter}-name"></a> or ex-{chapter}-name')
        if label in self.numbers:
            self._problem(at, f"{label} is there twice")
        next_ = i + 1
        while next_ < len(lines) and not lines[next_].strip():
            next_ += 1
        following = lines[next_] if next_ < len(lines) else ""
        if label.startswith("eq-") and following.startswith("$$"):
            block, end = self._formula(lines, next_, at)
            text = "\n".join(block).strip()[2:-2].strip("\n")
            tag = TAG.search(text)
            self._count(label, tag[1] if tag else "no number", at, r"\tag")
            return ["$$", TAG.sub("", text, count=1), f"$$ ({label})"], end, False
        heading = EXERCISE.fullmatch(following)
        if label.startswith("ex-") and heading:
            self._count(label, heading[1], at, "Exercise")
            self._exercise = label
            return [f"::::{{exercise}} {heading[2]}", f":label: {label}", ""], next_ + 1, True
        self._problem(at, f"below the anchor {label} stands neither a formula nor '### Exercise 5.1. Title'")
        return [], i + 1, False

    def _count(self, label: str, number: str, at: int, what: str) -> None:
        """Numbers count on through a chapter, equations and exercises each for themselves."""
        before = sum(other[:2] == label[:2] for other in self.numbers)
        expected = f"{int(self.name[:2])}.{before + 1}"
        if number != expected:
            self._problem(at, f"{label} comes as {what} {expected} and says {number} (tools.renumber counts anew)")
        self.numbers[label] = number

    def _folded(self, lines: list[str], i: int, at: int) -> tuple[list[str], int]:
        opening = OPENING.fullmatch(lines[i].rstrip())
        end = self._end(
            lines, i, lambda line: line.startswith(("</details", "<details")), at, "<details> is not closed"
        )
        if not opening:
            self._problem(
                at, "folded text begins with <details><summary>Hint</summary> on a line by itself, without `open`"
            )
        if lines[end].rstrip() != "</details>":
            self._problem(first_line := at + end - i, f"</details> by itself is missing before line {first_line + 1}")
        if end - i < 4 or lines[i + 1].strip() or lines[end - 1].strip():
            self._problem(at, "an empty line is needed after <summary> and before </details>")
        inner = self._blocks(lines[i + 2 : end - 1], at + 2)
        title = opening[1].strip() if opening else "Hint"
        if title == "Solution":
            if not self._exercise or self._exercise in self._solved:
                self._problem(at, "a solution without an exercise above it")
            self._solved.add(self._exercise)
            head = [f"::::{{solution}} {self._exercise}", ":class: dropdown", ""]
        else:
            known = {*FOLDED, "Solution"}
            near = [name for name in known if title.lower().rstrip("s.:") in (name.lower(), name.lower().rstrip("s"))]
            if title not in known and near:
                self._problem(at, f"the summary {title!r} is written {near[0]!r}")
            head = [f"::::{{admonition}} {title}", f":class: {FOLDED.get(title, 'dropdown')}", ""]
        return [*head, *inner, "::::"], end + 1

    def _box(self, quoted: list[str], at: int) -> list[str]:
        inner = [re.sub(r"^> ?", "", line) for line in quoted]
        title = BOX.match(inner[0])
        if not title:
            if inner[0].startswith("**"):
                self._problem(at, "a box begins with its title, bold and with a full stop: > **Predict first.**")
            return [f"> {line}".rstrip() for line in self._blocks(inner, at)]
        if title[1] not in BOXES:
            self._problem(at, f"no box has the title {title[1]!r}: {', '.join(BOXES)}")
        body = self._blocks([title[2], *inner[1:]], at)
        while body and not body[0].strip():
            body.pop(0)
        return [f":::{{admonition}} {title[1]}", f":class: {BOXES.get(title[1], 'note')}", "", *body, ":::"]

    def _plain(self, line: str, at: int) -> None:
        if EXERCISE.match(line):
            self._problem(at, 'an exercise without the line <a id="ex-…"></a> above')
        if line.startswith(("</details", "<summary")):
            self._problem(at, f"{line.strip()} without <details> above")
