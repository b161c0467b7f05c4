"""The exceptions of baking: they say which figure cannot be put on the page, and why."""


class BakeError(Exception):
    """A figure that cannot be put on the page; ``publish`` adds the figure's name."""
