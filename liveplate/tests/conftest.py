"""A browser to look at figures with: the machine's Chromium, or the one that CHROMIUM names."""

import os
import shutil

import pytest
from live_folder import baked, folder, open_page  # noqa: F401  (fixtures)
from live_wave import open_file, own_cache  # noqa: F401

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by playwright."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium found: install chromium or Chrome, or set CHROMIUM to its path")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


def pytest_collection_modifyitems(items):
    """Tests in a browser come last: playwright's event loop, once it runs, is one that a kernel's widgets would use.

    Among them those come first that share what one of them has baked, and so stay with one worker.
    """

    def place(item) -> int:
        late = item.get_closest_marker("browser") or item.get_closest_marker("xdist_group")
        return 0 if not late else 1 if item.get_closest_marker("xdist_group") else 2

    items.sort(key=place)
