"""What can be taken home from the site: the notebooks with the library, the pages for a disk, the PDF; checksums."""

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

from tools.lite import distribution, jupyterlite

ROOT = Path(__file__).resolve().parents[2]
NAME = "why-massive-models-generalize"
ONLINE = re.compile(r"<!-- online -->.*?<!-- /online -->|<a[^>]*\bbtn-open-in-browser\b.*?</a>", re.DOTALL)
WHEN = (2020, 1, 1, 0, 0, 0)  # every file's date in an archive: the same bytes from the same sources

HOW_TO = """Why massive models generalize: the notebooks
============================================

You need Python 3.11 or newer. In this folder:

    python -m venv .venv
    .venv/bin/python -m pip install -r requirements.txt      (Windows: .venv\\Scripts\\python)
    .venv/bin/jupyter lab notebooks/00-start-here.ipynb

(Debian and Ubuntu: python3, and the package python3-venv.) In Colab: upload a notebook and the three files *.whl; its
first cell installs them.

The library `renorm` with its data, the live figures and the chapters' own code are in the wheels beside this file;
nothing else is downloaded when a notebook runs.
Code: BSD 3-Clause. Text and figures: CC BY 4.0. The images that the library carries have licences of their own; all of
them stand in LICENSE, LICENSE-TEXT and LICENSE-DATA.
"""


def archive(path: Path, files: dict[str, bytes]) -> None:
    """A zip of the files, all in one folder named like the book."""
    with zipfile.ZipFile(path, "w") as out:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", WHEN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            out.writestr(entry, files[name])


def requirements(wheels: list[Path]) -> str:
    """requirements.txt with our wheels in the place of this repository's folders."""
    text = (ROOT / "requirements.txt").read_text("utf8")
    for name, (place, _) in distribution.OURS.items():
        folder = "." if place == "." else f"./{place}"
        wheel = next(wheel for wheel in wheels if distribution.project_name(wheel) == name)
        changed = re.sub(rf"^-e {re.escape(folder)}(\s)", rf"./{wheel.name}\1", text, flags=re.MULTILINE)
        if changed == text:
            raise ValueError(f"requirements.txt names no folder `-e {folder}` to put the wheel in the place of")
        text = changed
    return text


def notebooks(wheels: list[Path]) -> dict[str, bytes]:
    files = {f"notebooks/{path.name}": path.read_bytes() for path in jupyterlite.chapters()}
    files |= {
        name: (ROOT / name).read_bytes() for name in (*jupyterlite.LINKED, "LICENSE", "LICENSE-TEXT", "LICENSE-DATA")
    }
    files |= {wheel.name: wheel.read_bytes() for wheel in wheels} | {"README.txt": HOW_TO.encode()}
    return files | {"requirements.txt": requirements(wheels).encode()}


def offline(page: str) -> str:
    """A page without what works only where the site is served.

    >>> offline('a <!-- online --><p>b</p><!-- /online -->c')
    'a c'
    """
    return ONLINE.sub("", page)


def pages(html: Path) -> dict[str, bytes]:
    """The site as it is read from a disk: all but JupyterLite, which needs a server, and these downloads."""
    files = {}
    for path in sorted(html.rglob("*")):
        name = path.relative_to(html).as_posix()
        if path.is_file() and name.split("/")[0] not in ("lite", "downloads"):
            files[name] = offline(path.read_text("utf8")).encode() if path.suffix == ".html" else path.read_bytes()
    return files


def up_to_date(pdf: Path) -> bool:
    """Whether the PDF is there and newer than all that it is made from."""
    sources = [
        path for name in ("book", "notebooks", "renorm", "liveplate") for path in (ROOT / name).rglob("*.[impcj]*")
    ]
    changed = [path.stat().st_mtime for path in sources if "__pycache__" not in path.parts]
    return pdf.exists() and pdf.stat().st_mtime > max(changed)


def make(html: Path, wheels: list[Path], pdf: Path | None) -> list[Path]:
    """The folder downloads/ of the site."""
    folder = html / "downloads"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    archive(folder / "notebooks.zip", notebooks(wheels))
    archive(folder / "site.zip", pages(html))
    for wheel in wheels:
        shutil.copyfile(wheel, folder / wheel.name)
    if pdf:
        shutil.copyfile(pdf, folder / "book.pdf")
    made = sorted(folder.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in made]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf8")
    return made
