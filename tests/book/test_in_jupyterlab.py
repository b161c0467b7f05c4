"""Chapters opened in JupyterLab, as `make lab` opens them: words, formulas, closed folds; plumbing is folded."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from repository import ROOT
from test_plain_viewers import CHAPTERS, RAW, cells, formulas

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("jupyterlab")]
OPENED = [path for path in CHAPTERS if path.stem[:2] in ("01", "05", "07", "10")]
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},  # else it renders what is in sight only
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
RENDERED = """formulas => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-MarkdownCell')];
  return cells.length > 0 && cells.every(cell => cell.classList.contains('jp-mod-rendered'))
    && document.querySelectorAll('.jp-Notebook mjx-container').length >= formulas;
}"""
SEEN = """() => {
  const notebook = document.querySelector('.jp-Notebook');
  const prose = [...notebook.querySelectorAll('.jp-MarkdownOutput')].map(cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll('code, pre, mjx-container').forEach(code => code.remove());
    return copy.textContent;
  });
  return {
    text: prose.join('\\n'),
    broken: notebook.querySelectorAll('mjx-merror').length,
    folds: notebook.querySelectorAll('details').length,
    open: notebook.querySelectorAll('details[open]').length,
    formulasInFolds: notebook.querySelectorAll('details mjx-container').length,
    editors: [...notebook.querySelectorAll('.jp-CodeCell .jp-InputArea-editor')].filter(e => e.offsetHeight).length,
  };
}"""


IN_SIGHT = "e => e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().top < innerHeight"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab on a copy of the notebooks, for it saves what it opens; its settings are its own."""
    home = tmp_path_factory.mktemp("jupyterlab")
    shutil.copytree(ROOT / "notebooks", home / "book" / "notebooks")
    for name, value in SETTINGS.items():
        path = home / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    # not one of ours: formulas in folded text stay raw TeX with it
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "page_config.json").write_text('{"disabledExtensions": {"jupyterlab-myst": true}}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    places = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    places |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    command += [f"--notebook-dir={home / 'book'}", "--IdentityProvider.token="]
    with subprocess.Popen(
        command, env=os.environ | places, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api").close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
        process.terminate()


@pytest.fixture(scope="module")
def opened(browser, lab):
    """A function that opens a chapter, once, and waits until all of it is rendered."""
    context, pages = browser.new_context(viewport={"width": 1280, "height": 900}), {}

    def page(path):
        if path not in pages:
            pages[path] = context.new_page()
            pages[path].goto(f"{lab}/lab/tree/notebooks/{path.name}?reset")
            wanted = sum(len(formulas(markdown)) for markdown in cells(path).values())
            pages[path].wait_for_function(RENDERED, arg=wanted, timeout=60_000)
        return pages[path]

    yield page
    context.close()


@pytest.mark.parametrize("path", OPENED, ids=lambda path: path.stem)
def test_a_chapter_reads_as_a_text(opened, path):
    page = opened(path)
    seen = page.evaluate(SEEN)
    stored = json.loads(path.read_text("utf8"))["cells"]
    assert not RAW.search(seen["text"]) and not re.search(r"\$|\\\w", seen["text"]), seen["text"]
    assert seen["broken"] == 0, "a formula that MathJax does not understand"
    assert (seen["folds"], seen["open"]) == (sum(text.count("<details>") for text in cells(path).values()), 0)
    folded = "\n".join(
        fold for text in cells(path).values() for fold in re.findall(r"<details>.*?</details>", text, re.S)
    )
    assert seen["formulasInFolds"] == len(formulas(folded)) > 0
    visible = [
        c for c in stored if c["cell_type"] == "code" and not c["metadata"].get("jupyter", {}).get("source_hidden")
    ]
    assert seen["editors"] == len(visible)


def test_a_reference_leads_to_its_equation(opened):
    path = next(path for path in OPENED if path.stem.startswith("05"))
    page = opened(path)
    formula = page.locator("[data-jupyter-id='eq-05-amplification']")
    link = page.locator(".jp-Notebook a:visible", has_text="(5.2)").last
    link.scroll_into_view_if_needed()
    assert not page.evaluate(IN_SIGHT, formula.element_handle())
    link.click()
    page.wait_for_function(IN_SIGHT, arg=formula.element_handle(), timeout=10_000)
