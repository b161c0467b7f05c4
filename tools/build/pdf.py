"""The whole book as one PDF, printed by Chromium from the book as a single page: `make pdf`, after `make book`."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from tools.build import book, notebooks
from tools.check import chromium

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "_build" / "pdf"
PDF = ROOT / "_build" / "why-massive-models-generalize.pdf"
STYLE = "width: 100%; text-align: center; font: 8pt sans-serif; color: #555"
FOOTER = f'<div style="{STYLE}"><span class="pageNumber"></span></div>'


def single_page() -> Path:
    """The book as one HTML file, with everything it needs beside it."""
    root = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))["root"]
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "--builder", "singlehtml"]
    os.environ.update(notebooks.KERNEL_SETTINGS)
    shutil.rmtree(OUT / "_build" / "singlehtml", ignore_errors=True)
    done = subprocess.run(command + ["--path-output", str(OUT)], cwd=ROOT, capture_output=True, text=True)
    made = OUT / "_build" / "singlehtml" / f"{root}.html"
    if done.returncode or not made.exists():
        book.fail((done.stdout + done.stderr).splitlines()[-40:])
    top = OUT / "_build" / "singlehtml" / "index.html"
    shutil.copyfile(made, top)  # its links start from the folder above the one it is written to
    return top


def print_page(page_file: Path, browser_path: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=chromium.ARGUMENTS)
        page = browser.new_page(color_scheme="light", viewport={"width": 1000, "height": 1400})
        page.goto(page_file.as_uri(), wait_until="load", timeout=120_000)
        page.evaluate("document.fonts.ready")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.wait_for_timeout(1000)
        margins = {"top": "22mm", "bottom": "20mm", "left": "22mm", "right": "22mm"}
        settings = {"tagged": True, "outline": True, "display_header_footer": True, "header_template": "<span></span>"}
        page.pdf(path=PDF, format="A4", margin=margins, print_background=True, footer_template=FOOTER, **settings)
        browser.close()


def main() -> None:
    browser_path = chromium.find()
    if browser_path is None:
        sys.exit(
            "No Chromium was found, which prints the PDF: install chromium or Chrome, or set CHROMIUM to its path."
        )
    started = time.perf_counter()
    print_page(single_page(), browser_path)
    print(f"  {PDF.relative_to(ROOT)}: {PDF.stat().st_size / 1e6:.1f} MB, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
