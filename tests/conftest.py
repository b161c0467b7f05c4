"""Fixtures shared by the tests: where the repository and the built site are, and a browser to look at it with."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from repository import ROOT, missing

from tools.check import browsers, chromium


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        missing("the site is not built: run `make book`")
    return folder


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by playwright."""
    path = chromium.find()
    if path is None:
        missing("no Chromium found: install chromium or Chrome, or set CHROMIUM to its path")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield launched
        launched.close()


def pytest_collection_modifyitems(config, items):
    """What takes minutes runs when it is asked for."""
    if "nightly" not in (config.option.markexpr or ""):
        for item in items:
            if item.get_closest_marker("nightly"):
                item.add_marker(pytest.mark.skip(reason="make test-nightly"))


@pytest.fixture(scope="session")
def firefox():
    """Firefox, one process for all tests."""
    from firefox import Firefox

    path = browsers.find(browsers.FIREFOX)
    if path is None:
        missing("no Firefox found: install firefox-esr or Firefox, or set FIREFOX to its path")
    started = Firefox(path)
    yield started
    started.close()


def pytest_terminal_summary(terminalreporter):
    """What sweeps through the figures' controls have to say, which passed tests otherwise would not."""
    told = [
        value
        for report in terminalreporter.getreports("passed")
        for key, value in report.user_properties
        if key == "swept"
    ]
    if told:
        terminalreporter.section("the figures' controls in other browsers")
        terminalreporter.write_line("\n".join(told))


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def served(site):
    """The address of a plain static server of the built site."""
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
