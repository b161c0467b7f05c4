"""Live figures: plain matplotlib functions whose arguments the reader moves, in a kernel and on the static page."""

from renorm.live.controls import Choice, Control, LogSteps, Steps, Toggle
from renorm.live.explore import explore

__all__ = ["Choice", "Control", "LogSteps", "Steps", "Toggle", "explore"]
