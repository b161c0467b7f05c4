"""How soon a slider moves its figure in JupyterLab: every figure of every chapter, in a real browser."""

import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.harness import Table

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "How soon does a slider move its figure in JupyterLab?"
COLUMNS = ["chapter", "figures", "presses", "median", "90 of 100 within", "slowest figure (its median)"]


def measure(chapters: list[str] | None = None, presses: int = 8) -> list[Table]:
    from playwright.sync_api import sync_playwright

    from tools.lite import visit

    names = chapters or sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    rows, everything = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        shutil.copytree(ROOT / "notebooks", Path(folder, "notebooks"))
        for name in names:
            profile = str(Path(folder, "profiles", name))
            with Server(folder) as address, visit.visiting(playwright.chromium, profile) as new:
                reader = new()
                reader.open(f"{address}/lab/tree/notebooks/{name}.ipynb?reset")
                reader.page.get_by_text("| Idle").first.wait_for()  # cells run before the kernel is there get lost
                reader.run_all()
                reader.wait_until_done(300)
                found = figures(reader, presses)
            times = [t for each in found.values() for t in each]
            slowest = max(found, key=lambda key: statistics.median(found[key]))
            rows.append(row(name, times, len(found), f"{slowest} ({statistics.median(found[slowest]):.0f} ms)"))
            print("  " + "  ".join(rows[-1]), file=sys.stderr, flush=True)
            everything += times
    if len(names) > 1:
        rows.append(row("all", everything, sum(int(r[1]) for r in rows), ""))
    details = [
        "From an arrow key on the figure's first slider to the painted picture: the browser, the way to the kernel "
        "and back, what the figure computes, and 10 ms in which the kernel waits for further moves."
    ]
    note = "A machine without a graphics card; each press asks for the next value along the slider."
    return [Table(QUESTION, COLUMNS, rows, note, details)]


def row(name: str, times: list[float], figures: int, slowest: str) -> list[str]:
    most = statistics.quantiles(times, n=10)[-1]
    return [name, str(figures), str(len(times)), f"{statistics.median(times):.0f} ms", f"{most:.0f} ms", slowest]


def figures(reader, presses: int) -> dict[str, list[float]]:
    """Title of each figure -> milliseconds of every press on its first slider."""
    found = {}
    for box in reader.page.locator(".jp-OutputArea-output:has(.noUi-handle)").all():
        handle = box.locator(".noUi-handle").first
        title = box.locator("svg[role=img], img").first.evaluate("i => (i.ariaLabel || i.alt).split('. ')[0]")
        handle.scroll_into_view_if_needed()
        handle.focus()
        found[title], key = [], "ArrowRight"
        for _ in range(presses):
            low, now, high = (float(handle.get_attribute(f"aria-value{word}")) for word in ("min", "now", "max"))
            key = {low: "ArrowRight", high: "ArrowLeft"}.get(now, key)  # onwards, and back at the end
            found[title].append(reader.waited(handle, lambda key=key: reader.page.keyboard.press(key)))
            reader.page.wait_for_timeout(150)
    return found


class Server:
    """JupyterLab on a folder, as `jupyter lab` starts it, without a browser and a token."""

    def __init__(self, folder: str):
        self.folder = folder

    def __enter__(self) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = Path(self.folder, "settings")
        settings.mkdir(exist_ok=True)
        windowing = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
        (settings / "overrides.json").write_text(json.dumps(windowing))
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--ip=127.0.0.1",
            f"--notebook-dir={self.folder}",
            "--IdentityProvider.token=",
            f"--LabApp.app_settings_dir={settings}",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api/status").close()
                return address
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("JupyterLab did not start")

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait()
