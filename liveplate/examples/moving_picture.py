"""Makes docs/oscillator.gif: the example of the README, saved, opened in Chromium, its sliders moved with a mouse.

python examples/moving_picture.py    (needs playwright and a Chromium, whose path CHROMIUM may give)
"""

import io
import math
import os
import re
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
OUT = HERE.parent / "docs" / "oscillator.gif"
WIDTH, FRAME = 520, 80  # pixels; milliseconds
MOVES = (  # a slider, and places along it from 0 to 1; the last move leads back to the first picture
    ("frequency", (0.5, 0.95, 0.25)),
    ("damping", (0.5, 0.05, 0.9, 0.5)),
    ("frequency", (0.25, 0.5)),
)
POINTER = """() => { const p = document.createElement("div"); p.id = "pointer";
    p.style = "position:fixed;left:0;top:0;z-index:9;width:18px;height:24px;pointer-events:none";
    p.innerHTML = '<svg viewBox="0 0 12 16"><path d="M1 1v12l3-3 2 5 2-1-2-5h4z" fill="#000" stroke="#fff"/></svg>';
    document.body.append(p);
    addEventListener("mousemove", e => { p.style.transform = `translate(${e.clientX}px,${e.clientY}px)`; }); }"""


def example(readme: str) -> str:
    """The code of the README's first example."""
    return re.search(r"<!-- example -->\n```python\n(.*?)```", readme, re.S)[1]


def make(out: Path = OUT) -> Path:
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            exec(example((HERE.parent / "README.md").read_text("utf8")), {})
            frames = film(Path("oscillator.html").resolve())
        finally:
            os.chdir(here)
    palette = frames[0].quantize(64, dither=Image.Dither.NONE)
    palette.putpalette([255 if level > 248 else level for level in palette.getpalette()])  # paper stays white
    reduced = [frame.quantize(64, palette=palette, dither=Image.Dither.NONE) for frame in frames]
    reduced[0].save(out, save_all=True, append_images=reduced[1:], duration=FRAME, loop=0, optimize=True)
    return out


def film(page_file: Path) -> list[Image.Image]:
    browser_file = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_file, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 476}, reduced_motion="reduce")
        page.goto(page_file.as_uri())
        page.wait_for_selector("figure.live[data-ready]")
        page.add_style_tag(content="main{padding:0 1rem!important} figure.live{margin:.5rem auto!important}")
        page.evaluate(POINTER)
        frames = []
        for name, path in (
            ("frequency", (0.5, 0.95, 0.25)),
            ("damping", (0.5, 0.05, 0.9, 0.5)),
            ("frequency", (0.25, 0.5)),
        ):
            box = page.locator(f"input[name={name}]").bounding_box()
            place = [(box["x"] + 8 + (box["width"] - 16) * along, box["y"] + box["height"] / 2) for along in path]
            page.mouse.move(*place[0])
            page.mouse.down()
            for start, end in zip(place, place[1:], strict=False):
                steps = max(3, round(abs(end[0] - start[0]) / 26))
                for k in range(1, steps + 1):
                    ease = (1 - math.cos(math.pi * k / steps)) / 2
                    page.mouse.move(start[0] + (end[0] - start[0]) * ease, start[1])
                    page.wait_for_timeout(60)
                    frames.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
            page.mouse.up()
        browser.close()
    return frames


if __name__ == "__main__":
    print(make(), f"{OUT.stat().st_size / 1000:.0f} kB")
