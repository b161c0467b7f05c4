"""Live figures: plain matplotlib functions whose arguments the reader moves, in a kernel and on the static page."""

from liveplate.explore import explore
from liveplate.spec.controls import Choice, Control, LogSteps, Steps, Toggle
from liveplate.spec.numerals import numeral

__all__ = ["Choice", "Control", "LogSteps", "Steps", "Toggle", "explore", "numeral"]
