"""The links of a chapter in plain Markdown: citations, terms, equations, exercises; each has to lead somewhere."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from plain_references import GLOSSARY_PAGE, References

LINK = r"\[[^\[\]\n]*\]\((?:[^()\s]|\([^()\s]*\))*\)"
LINKS = re.compile(
    rf"""(?P<skip> ^(?P<quoted>[>\ ]*)(?P<fence>`{{3,}}|~{{3,}}).*?(?:^[>\ ]*(?P=fence)[`~]*\ *$|\Z)  # blocks of code
         | (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`) | \$\$.*?\$\$ | (?<!\\)\$(?:[^$\n]|\n(?![>\ ]*\n))+\$ )
       | (?P<open>\()?(?P<links>{LINK}(?:;\ {LINK})*)(?P<close>\))?""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
ONE_LINK = re.compile(r"\[([^\[\]\n]*)\]\(((?:[^()\s]|\([^()\s]*\))*)\)")
CITING = re.compile(r"(?P<authors>.+?)(?:, | \()(?P<year>\d{4})\)?|(?P<alone>\d{4})")
PAPERS = re.compile(r"https?://(?:dx\.)?(?:doi|arxiv)\.org/")


def masked(text: str) -> str:
    """The text without its code and formulas, line by line where it was.

    >>> masked("a `{x}` and $b<c$\\n~~~\\n<p>\\n~~~\\n$$\\nd\\n$$ (e)")
    'a `` and ``\\n`\\n\\n`\\n$$\\n\\n$$ (e)'
    """

    def mask(match):
        if not match["skip"]:
            return match[0]
        mark = "$$" if match["skip"].startswith("$$") else "`"
        return mark + "\n" * match[0].count("\n") + mark

    return LINKS.sub(mask, text)


@dataclass(frozen=True)
class Linked:
    """Links of the file `page`; `problem` is told the line and the words of whatever is half right."""

    page: str
    references: References
    problem: Callable[[int, str], None]

    def linked(self, text: str) -> str:
        """The text with its links turned into roles, where they are to a paper, a term, an equation or an exercise."""

        def replaced(match):
            if match["skip"]:
                return match[0]
            line = text.count("\n", 0, match.start()) + 1
            found = ONE_LINK.findall(match["links"])
            around = match["open"] or "", match["close"] or ""
            cited = [self.references.papers.get(url) for _, url in found]
            if any(cited) or any(PAPERS.match(url) for _, url in found):
                return self._citation(found, around, line)
            return around[0] + "; ".join(self._link(label, url, line) for label, url in found) + around[1]

        for broken in re.finditer(r"\[[^\[\]]*\n[^\[\]]*\]\((?:https?://(?:doi|arxiv)|\.\./book/|#e)", text):
            line = text.count("\n", 0, broken.start()) + 1
            self.problem(line, "a link to a paper, a term or an equation stands on one line")
        return LINKS.sub(replaced, text)

    def _citation(self, found: list[tuple[str, str]], around: tuple[str, str], line: int) -> str:
        keys, forms = [], set()
        for label, url in found:
            paper = self.references.papers.get(url)
            if paper is None:
                self.problem(line, f"no entry of the bibliography has the address {url}")
                return "".join([around[0], label, around[1]])
            forms_of = {paper.words: "p", f"{paper.authors} ({paper.year})": "t", paper.year: "yearpar"}
            if label not in forms_of:
                allowed = ", ".join(repr(form) for form in forms_of)
                self.problem(line, f"{label!r} names {paper.key}: one of {allowed} is meant")
            keys.append(paper.key)
            forms.add(forms_of.get(label, "p"))
        if len(forms) > 1 or (len(keys) > 1 and forms != {"p"}):
            self.problem(line, "several papers in one bracket are all written 'Authors, year'")
        form = forms.pop()
        if form == "yearpar" and around != ("(", ")"):
            self.problem(line, "a year alone stands in brackets after the authors' names: ([2019](…))")
        role = f"{{cite:{form}}}`{','.join(keys)}`"
        return role if form != "t" and around == ("(", ")") else around[0] + role + around[1]

    def _link(self, label: str, url: str, line: int) -> str:
        """What a link that is no citation becomes; it has to lead somewhere."""
        page, _, anchor = url.partition("#")
        if page == GLOSSARY_PAGE and anchor:
            term = self.references.terms.get(anchor)
            if term is None:
                self.problem(line, f"the glossary has no term with the slug {anchor}")
                return label
            return f"{{term}}`{label}`" if label == term else f"{{term}}`{label} <{term}>`"
        if page in self.references.labels or not page:
            return self._within(label, url, page or self.page, anchor, line)
        if CITING.fullmatch(label):
            self.problem(
                line, f"{label!r} looks like a citation, and no entry of the bibliography has the address {url}"
            )
        elif page.endswith(".ipynb"):
            self.problem(line, f"there is no notebook {page}")
        return f"[{label}]({url})"

    def _within(self, label: str, url: str, page: str, anchor: str, line: int) -> str:
        """A link to a chapter, or to an equation, exercise or state of a figure of this one or another."""
        if not anchor:
            number = re.fullmatch(r"[Cc]hapter (\d+)", label)
            if number and int(number[1]) != int(page[:2]):
                self.problem(line, f"{label} is not {page}")
            return f"[{label}]({url})"
        if "?" in anchor:  # a state of a live figure; liveplate.walk knows which there are
            return f"[{label}]({url})"
        number = self.references.labels[page].get(anchor)
        if number is None:
            self.problem(line, f"{page} has no equation or exercise {anchor}")
            return label
        shown = f"({number})" if anchor.startswith("eq-") else f"xercise {number}"
        if not label.endswith(shown):
            self.problem(line, f"the reference says {label}, and {anchor} is {shown.replace('xercise', 'Exercise')}")
        return f"{{eq}}`{anchor}`" if anchor.startswith("eq-") else f"{{ref}}`{anchor}`"
