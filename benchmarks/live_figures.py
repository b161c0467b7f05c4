"""One figure with three sliders as a web page: this book's player against Observable Plot, Plotly and Panel."""

import functools
import gzip
import http.server
import statistics
import threading
from pathlib import Path

from benchmarks.harness import Table, seconds
from benchmarks.live_pages import Missing, Page, observable_plot, ours, panel_embed, plotly_sliders

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".cache" / "benchmarks"
PACKED = (".woff2", ".png")
COLUMNS = ["page", "states", "bytes, compressed", "slider works after", "whole frame: median", "95 of 100 below"]

# Script, style, layout and paint of one frame: from its start to the first message that is handled after painting.
FRAMES = """([show, count]) => new Promise(done => {
  const move = eval(show), times = []; let i = 0;
  const channel = new MessageChannel(); let start;
  channel.port1.onmessage = () => {
    times.push(performance.now() - start);
    times.length < count ? next() : done(times);
  };
  const next = () => requestAnimationFrame(() => {
    start = performance.now();
    move(i += 7);
    channel.port2.postMessage(0);
  });
  next();
})"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def measure(frames: int = 300, loads: int = 7) -> list[Table]:
    pages, missing = collect()
    browser, stop = start_browser()
    if browser is None:
        return [
            Table(QUESTION, COLUMNS, [[p.name, str(p.states), "", "", "", ""] for p in pages], "No Chromium was found.")
        ]
    found = {page.name: {"ready": [], "frames": []} for page in pages}
    try:
        for turn in range(loads):
            for page in pages[turn % len(pages) :] + pages[: turn % len(pages)]:
                one = visit(browser, page, -(-frames // loads))
                found[page.name]["ready"].append(one[0])
                found[page.name]["frames"] += one[1]
                found[page.name]["bytes"] = one[2]
    finally:
        stop()
    rows = [row(page, found[page.name]) for page in pages] + [
        [f"{name}: {why}", "", "", "", "", ""] for name, why in missing
    ]
    details = [
        "Ridge risk against d/n: three curves, twelve dots with error bars, an arrow, a legend, a logarithmic axis, "
        "as a function of ridge (25 values), noise (15) and samples (5): 1,875 states.",
        "Chromium without a graphics card, a local server; bytes: everything the page loads, by gzip -6. A frame shows "
        "a new state: script, style, layout and paint, without the 90 ms glide.",
    ]  # fmt: skip
    note = (
        "Plotly and Panel have one slider of 25 states; all combinations would take 75 times their data. Times are of "
        "a machine that also did other things, so compare rows; each page was loaded in turn."
    )
    return [Table(QUESTION, COLUMNS, rows, note, details)]


QUESTION = "What does a figure with three sliders cost as a web page?"


def collect() -> tuple[list[Page], list[tuple[str, str]]]:
    """The pages that can be made here, and for the others why not."""
    pages, missing = [ours(WORK / "ours")], []
    for name, make in {"Observable Plot": observable_plot, "Plotly": plotly_sliders, "Panel": panel_embed}.items():
        try:
            pages.append(make(WORK / make.__name__, WORK / "tools"))
        except Missing as error:
            missing.append((name, str(error)))
    return pages, missing


def start_browser():
    """(browser, function that ends it), or (None, …) where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    from tools.check import chromium

    path = chromium.find()
    if path is None:
        return None, lambda: None
    driver = sync_playwright().start()
    browser = driver.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
    return browser, lambda: (browser.close(), driver.stop())


def visit(browser, page: Page, frames: int) -> tuple[float, list[float], int]:
    """Seconds until the slider works, seconds of each frame, compressed bytes."""
    handler = functools.partial(Quiet, directory=str(page.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context(viewport={"width": 900, "height": 900}, reduced_motion="reduce")
        tab, responses = context.new_page(), {}
        tab.on("response", lambda response: responses.setdefault(response.url, response))
        ready = f"(() => {{ try {{ return ({page.ready}) && performance.now(); }} catch {{ return 0; }} }})()"
        tab.goto(f"http://127.0.0.1:{server.server_port}/index.html", wait_until="commit")
        after = tab.wait_for_function(ready, polling="raf", timeout=120_000).json_value()
        tab.wait_for_timeout(500)
        times = tab.evaluate(FRAMES, [page.show, frames])
        size = sum(weight(response) for response in responses.values() if response.ok)
        context.close()
        server.shutdown()
    return after / 1e3, [t / 1e3 for t in times], size


def weight(response) -> int:
    body = b"" if response.url.startswith(("data:", "blob:")) else response.body()
    return len(body) if response.url.endswith(PACKED) else len(gzip.compress(body, 6))


def row(page: Page, found: dict) -> list[str]:
    frames = sorted(found["frames"])
    high = frames[int(0.95 * (len(frames) - 1))]
    return [
        page.name,
        f"{page.states:,}",
        f"{found['bytes'] / 1e3:,.0f} kB",
        seconds(statistics.median(found["ready"])),
        seconds(statistics.median(frames)),
        seconds(high),
    ]
