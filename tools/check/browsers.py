"""The browsers that the pages are tested in: found on this machine, or fetched by what the machine offers.

A browser is looked for by name, in the variable that may name it, and among those that playwright fetched into
``.cache/browsers``. ``ensure`` gets one that is missing: on Debian and Ubuntu as root, or with a sudo that asks for no
password, from apt; elsewhere from playwright.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "browsers"
AT_MOST = 600  # seconds for each way to get a browser


@dataclass(frozen=True)
class Browser:
    """What a browser is called: by people, by the environment, as a command, by Debian, by playwright."""

    name: str
    variable: str
    commands: tuple[str, ...]
    package: str
    playwright: str
    fetched: tuple[str, ...]  # where playwright puts it

    @property
    def how_to_get(self) -> str:
        """In one line, for someone who reads it at the end of a long run."""
        fetch = f"PLAYWRIGHT_BROWSERS_PATH={CACHE} {sys.executable} -m playwright install {self.playwright}"
        return f"apt-get install {self.package}, or {fetch}, or set {self.variable} to the path of one"


CHROMIUM = Browser(
    "Chromium",
    "CHROMIUM",
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "chromium",
    "chromium",
    ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
)
FIREFOX = Browser(
    "Firefox",
    "FIREFOX",
    ("firefox-esr", "firefox"),
    "firefox-esr",
    "firefox",
    ("firefox-*/firefox/firefox", "firefox-*/firefox/*.app/Contents/MacOS/firefox"),
)


def find(browser: Browser) -> str | None:
    """The path of a browser, or None."""
    if named := os.environ.get(browser.variable):
        return named
    fetched = (str(path) for pattern in browser.fetched for path in sorted(CACHE.glob(pattern), reverse=True))
    return next(filter(None, map(shutil.which, browser.commands)), None) or next(fetched, None)


def ensure(browser: Browser, say=print) -> str | None:
    """The path of a browser that runs, fetched if there is none; None where that can't be done."""
    if runs(path := find(browser)):
        return path
    for source, commands in (("apt", _by_apt(browser)), ("playwright", _by_playwright(browser))):
        if not commands:
            continue
        say(f"no {browser.name} here: getting it from {source} …", flush=True)
        if all(_done(command) for command in commands) and runs(path := find(browser)):
            return path
    return None


def runs(path: str | None) -> bool:
    """Whether this is a browser; Ubuntu has a command of that name that only says how to install one."""
    if path is None:
        return False
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _as_root() -> list[str] | None:
    """What to put before a command that only root may run; None where that is not to be had."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and _done(["sudo", "-n", "true"]) else None


def _by_apt(browser: Browser) -> list[list[str]]:
    if not shutil.which("apt-get") or (root := _as_root()) is None:
        return []
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    return [[*apt, "update"], [*apt, "-y", "--no-install-recommends", "install", browser.package]]


def _by_playwright(browser: Browser) -> list[list[str]]:
    with_libraries = ["--with-deps"] if shutil.which("apt-get") and _as_root() == [] else []
    where = ["env", f"PLAYWRIGHT_BROWSERS_PATH={CACHE}"]
    return [[*where, sys.executable, "-m", "playwright", "install", *with_libraries, browser.playwright]]


def _done(command: list[str]) -> bool:
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=AT_MOST).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
