"""What an exercise's instant check says: passed or not, and why."""

from dataclasses import dataclass
from html import escape

__all__ = ["Refused", "Verdict", "is_stub", "not_answered", "right", "wrong"]


@dataclass(frozen=True)
class Verdict:
    """The answer of a check; the last line of a cell shows it. ``mistake`` names a recognised wrong answer.

    A verdict counts as true where the check has passed, so that graders may write ``assert verdict``:

    >>> verdict = wrong("A factor 2.", "factor 2")
    >>> bool(verdict), verdict.mistake
    (False, 'factor 2')
    >>> assert right("All of it."), "never shown"
    """

    passed: bool
    message: str
    mistake: str = ""

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return ("Right. " if self.passed else "Not yet. ") + self.message

    def _repr_html_(self) -> str:
        kind, word = ("right", "Right.") if self.passed else ("wrong", "Not yet.")
        return f'<p class="verdict verdict-{kind}" role="status"><strong>{word}</strong> {escape(self.message)}</p>'


class Refused(Exception):
    """An answer that can't be read or may not be used; carries the verdict that says why."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.message)
        self.verdict = verdict


def right(message: str) -> Verdict:
    """A passed check; the message says what the answer means."""
    return Verdict(True, message)


def wrong(message: str, mistake: str = "unrecognised") -> Verdict:
    """A failed check; the message says why, ``mistake`` is the short name that tests use."""
    return Verdict(False, message, mistake)


def not_answered(what: str) -> Verdict:
    """The untouched stub."""
    return Verdict(False, f"Replace the dots: {what}", "stub")


def is_stub(answer) -> bool:
    """True for what an untouched exercise hands over: ``...`` or ``None``."""
    return answer is None or answer is Ellipsis
