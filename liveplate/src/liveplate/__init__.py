"""Live figures: plain matplotlib functions whose arguments the reader moves, in a kernel and on the static page."""

from liveplate.explore import explore, save, standalone
from liveplate.spec.controls import Choice, Control, LogSteps, Steps, Toggle
from liveplate.spec.errors import BakeError
from liveplate.spec.look import look
from liveplate.spec.numerals import numeral

__all__ = [
    "BakeError", "Choice", "Control", "LogSteps", "Steps", "Toggle", "explore", "look", "numeral", "save", "standalone",
]  # fmt: skip
