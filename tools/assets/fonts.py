"""The two type families of the pages, cut down to the letters a book in English with formulas needs.

Source Serif and Source Sans (SIL Open Font License) come from two packages of the lock. The licence reserves the name
"Source" for unchanged fonts, so the cut-down files carry names of their own.
"""

import importlib.util
import json
import shutil
from importlib.metadata import version
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tools.assets import fetch

OUT = fetch.ROOT / ".cache" / "fonts"
FACES = {  # file on the site: (package, file in it)
    "book-serif-regular": ("font_source_serif_pro", "SourceSerifPro-Regular.otf"),
    "book-serif-italic": ("font_source_serif_pro", "SourceSerifPro-It.otf"),
    "book-serif-semibold": ("font_source_serif_pro", "SourceSerifPro-Semibold.otf"),
    "book-sans-regular": ("font_source_sans_pro", "SourceSansPro-Regular.otf"),
    "book-sans-semibold": ("font_source_sans_pro", "SourceSansPro-Semibold.otf"),
}
LATIN = "U+0020-007E U+00A0-017F U+0218-021B U+02C6 U+02DA U+02DC"
GREEK = "U+0391-03A9 U+03B1-03C9 U+03D5"
SIGNS = "U+2010-2015 U+2018-201E U+2020-2022 U+2026 U+2030 U+2032 U+2033 U+2039 U+203A U+2070-208E U+20AC U+2113"
SIGNS += " U+2122 U+2190-2193 U+2202 U+2206 U+220F U+2211 U+2212 U+221A U+221E U+222B U+2248 U+2260 U+2264 U+2265"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "liga", "locl", "lnum", "onum", "pnum", "tnum"]


def package_folder(package: str) -> Path:
    return Path(importlib.util.find_spec(package).origin).parent / "files"


def cut(source: Path, target: Path, name: str) -> None:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, name_IDs=[0, 1, 2, 4, 6, 13, 14], hinting=False)
    font = TTFont(source, recalcTimestamp=False)  # the same bytes whenever it is made
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes((LATIN + " " + GREEK + " " + SIGNS).replace(" ", ",")))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = name if record.nameID != 6 else name.title().replace("-", "")
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [name]
        cff.topDictIndex[0].FullName = cff.topDictIndex[0].FamilyName = name
    font.flavor = "woff2"
    font.save(target)


def recipe() -> str:
    """What the fonts are made from: this file, and the packages that the full ones lie in."""
    packages = sorted({package for package, _ in FACES.values()})
    versions = "".join(f"{package} {version(package)}\n" for package in packages)
    return fetch.sha256(Path(__file__).read_bytes() + versions.encode())


def made() -> dict[str, str]:
    return {path.name: fetch.sha256(path.read_bytes()) for path in sorted((OUT / "fonts").glob("*"))}


def ensure() -> Path:
    """The folder with the fonts, made again where the recipe changed or a file is not as it was made."""
    record, wanted = OUT.with_suffix(".json"), recipe()
    if record.exists() and record.read_text("utf8") == json.dumps({"recipe": wanted, "files": made()}):
        return OUT
    shutil.rmtree(OUT, ignore_errors=True)
    folder = OUT / "fonts"
    folder.mkdir(parents=True)
    for name, (package, file) in FACES.items():
        cut(package_folder(package) / file, folder / f"{name}.woff2", name)
    licence = package_folder("font_source_serif_pro") / "LICENSE.txt"
    shutil.copyfile(licence, folder / "LICENSE.txt")
    record.write_text(json.dumps({"recipe": wanted, "files": made()}), "utf8")
    return OUT


if __name__ == "__main__":
    for path in sorted((ensure() / "fonts").iterdir()):
        print(f"{path.stat().st_size:7d}  {path.name}")
