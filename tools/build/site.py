"""The whole site, `make site`: the book, its chapters to be run in the browser under lite/, and the downloads."""

import os
import shutil
from pathlib import Path

from tools.build import book, downloads
from tools.build.pdf import PDF
from tools.lite import jupyterlite

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    pdf = PDF if downloads.up_to_date(PDF) else None
    os.environ["BOOK_TAGS"] = "online pdf" if pdf else "online"  # read by book/_ext/open_in_browser.py
    with book.only_one_build(ROOT / "_build"):
        wheels = jupyterlite.build_wheels(ROOT / "_build" / "wheels")
        print("notebooks in the browser …", flush=True)
        lite = jupyterlite.build(wheels)

    def add_to(html: Path) -> None:
        shutil.copytree(lite, html / "lite", ignore=shutil.ignore_patterns("made-from.txt"))
        downloads.make(html, wheels, pdf)

    book.build(ROOT / "_build", ROOT / "_toc.yml", add_to=add_to)
    folder = ROOT / "_build" / "html"
    for path in sorted((folder / "downloads").iterdir()):
        print(f"  {path.relative_to(folder).as_posix():<44}{path.stat().st_size / 1e6:8.1f} MB")
    print(f"  {'lite/':<44}{sum(f.stat().st_size for f in lite.rglob('*') if f.is_file()) / 1e6:8.1f} MB")
    print("  Notebooks in the browser need a server: make serve, or any static web host.")


if __name__ == "__main__":
    main()
