"""An exercise that asks for a function, as a table: cases, the right answer, known mistakes and what to say to each."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from renorm_book import answers
from renorm_book.verdict import Refused, Verdict, right, wrong

__all__ = ["Exercise", "judged", "number"]


def judged(check: Callable[..., Verdict]) -> Callable[..., Verdict]:
    """A check whose refusals come back as verdicts."""

    @functools.wraps(check)
    def guarded(*args, **settings):
        try:
            with np.errstate(all="ignore"):
                return check(*args, **settings)
        except Refused as refusal:
            return refusal.verdict

    return guarded


@dataclass(frozen=True)
class Exercise:
    """``judge(answer)`` calls the answer on every case and compares what it returns with the table.

    signature  how the function is called, "kappa_hat(X, ridge)"
    returns    what it must return, in words: "one number", "one class for each row of cross"
    cases      tuples of arguments, several, so that a formula that is right by chance at one place is not at another
    exact      the right answer for one case
    mistakes   (name, what it returns for one case, what to say); recognised where it agrees in every case
    said       what to say to the right answer
    hint       what to say to an unknown one, or a function of what was returned; it never tells a right value
    library    functions of the book that are the exercise's answer, and must not be called
    equal      found, target -> whether they are the same answer
    singular   what to say where a matrix could not be inverted
    """

    signature: str
    returns: str
    cases: Sequence[tuple]
    exact: Callable
    mistakes: Sequence[tuple[str, Callable, str]]
    said: str
    hint: str | Callable[[list], str | Verdict]
    library: Sequence[Callable] = ()
    equal: Callable = answers.near
    singular: str = ""

    def collect(self, answer) -> list[np.ndarray]:
        """What the answer returns for each case."""
        return answers.collect(answer, self.signature, self.cases, self.returns, self.library, self.singular)

    @judged
    def judge(self, answer) -> Verdict:
        """Right, or the name of the mistake and a hint."""
        found = self.collect(answer)
        targets = [self.exact(*case) for case in self.cases]
        agrees = [self.equal(f, t) for f, t in zip(found, targets, strict=True)]
        if all(agrees):
            return right(self.said)
        for name, formula, hint in self.mistakes:
            if all(self.equal(f, formula(*case)) for f, case in zip(found, self.cases, strict=True)):
                return wrong(hint, name)
        for f, target in zip(found, targets, strict=True):
            if np.squeeze(f).shape != np.shape(np.squeeze(target)):
                return wrong(f"Return {self.returns}; yours has shape {f.shape}.", "shape")
        hint = self.hint([np.squeeze(f)[()] for f in found]) if callable(self.hint) else self.hint
        return hint if isinstance(hint, Verdict) else wrong(f"{self.where(found, agrees)} {hint}".strip())

    def where(self, found: list, agrees: list[bool]) -> str:
        """Which cases are right and which one is not."""
        bad = agrees.index(False)
        place = answers.described(self.signature, self.cases[bad])
        said = f" (yours is {np.squeeze(found[bad]):.4g})" if found[bad].size == 1 else ""
        if any(agrees):
            good = answers.described(self.signature, self.cases[agrees.index(True)])
            return f"Right for {good}, but not for {place}{said}."
        return f"Not right for {place}{said}."


def number(
    answer,
    name: str,
    accepted: Callable[[float], bool],
    mistakes: Sequence[tuple[str, float, float, str]],
    said: str,
    hint: str | Callable[[float], str],
) -> Verdict:
    """A check of one number; ``mistakes`` are (name, value, slack, what to say)."""
    value = answers.single(answer, name)
    if accepted(value):
        return right(said)
    for mistake, known, slack, words in mistakes:
        if abs(value - known) <= slack + 1e-9 * abs(known):
            return wrong(words, mistake)
    return wrong(hint(value) if callable(hint) else hint)
