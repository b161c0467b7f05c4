"""Of Font Awesome's 1,400 icons the pages show two dozen: the font that is served holds only those."""

import re
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset
from fontTools.ttLib import TTFont

FONT = "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2"
WHOLE = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / FONT.replace("_static", "static")
STYLES = ["_static/styles/pydata-sphinx-theme.css", "_static/styles/sphinx-book-theme.css", "_static/exercise.css"]
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"')
ALONE = re.compile(r"--pst-icon-[a-z-]+:\s*\"\\([0-9a-f]+)\"")


def used(folder: Path) -> set[int]:
    """The code points of the icons that any page names in a class, or that a style sheet sets by itself."""
    style = "".join((folder / name).read_text("utf8") for name in STYLES if (folder / name).exists())
    names = set()
    for page in folder.rglob("*.html"):
        names |= set(re.findall(r"\bfa-([a-z0-9-]+)", page.read_text("utf8")))
    rules = [(re.findall(r"\.fa-([a-z0-9-]+)", selectors), code) for selectors, code in RULE.findall(style)]
    points = {int(code, 16) for own, code in rules if names & set(own)}
    return points | {int(code, 16) for code in ALONE.findall(style)}


def cut(app, exception):
    path = Path(app.outdir) / FONT
    if exception or app.builder.format != "html" or not path.exists():
        return
    cutter = subset.Subsetter(subset.Options(flavor="woff2", hinting=False))
    cutter.populate(unicodes=used(Path(app.outdir)))
    font = TTFont(WHOLE)
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(path)


def setup(app):
    app.connect("build-finished", cut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
