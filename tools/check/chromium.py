"""The Chromium of this machine, and how it is started."""

from tools.check import browsers

ARGUMENTS = [  # it runs as root in containers, and should ask nobody for updates
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    return browsers.find(browsers.CHROMIUM)
