"""The files that pages with live figures load: player, style sheet, walks, and the letters of matplotlib's own font."""

import base64
import functools
import pathlib
import re

import matplotlib

HERE = pathlib.Path(__file__).parent
LATIN = "U+20-7E,U+A0,U+B0-B3,U+B5,U+B7,U+B9,U+D7,U+E4,U+E9,U+F6,U+FC,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026"
GREEK = "U+391-3C9,U+3D1,U+3D5,U+3F5"
SIGNS = (
    "U+200B,U+2016,U+2020,U+2032,U+2070-209C,U+210E,U+2113,U+211D,U+2115,U+2190-2193,U+2202,U+2207,U+2208,U+2211,U+2212,"
    "U+221A,U+221D,U+221E,U+2225,U+2248,U+2260,U+2264,U+2265,U+226A,U+226B,U+22A4,U+22C5"
)
FONTS = {
    "live-sans.woff2": ("DejaVuSans.ttf", f"{LATIN},{GREEK},{SIGNS}"),
    "live-sans-italic.woff2": ("DejaVuSans-Oblique.ttf", f"U+20-7E,{GREEK}"),
    "live-sans-bold.woff2": ("DejaVuSans-Bold.ttf", f"U+20-7E,{GREEK}"),
}


WALK = ("walk.js", "walk.css")


def write_assets(folder) -> list[pathlib.Path]:
    """Write the player, walks, style sheets and fonts into ``folder``; what is there and equal is kept."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(folder / "live.js", player().encode()), _write(folder / "live.css", _css().encode())]
    written += [_write(folder / f"live-{name}", (HERE / name).read_bytes()) for name in WALK]
    for name in FONTS:
        if not (folder / name).exists():
            _write(folder / name, font(name))
        written.append(folder / name)
    return written


def _write(path: pathlib.Path, content: bytes) -> pathlib.Path:
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
    return path


def player() -> str:
    """The script, as it is read and served."""
    return (HERE / "player.js").read_text("utf8")


def _css() -> str:
    return (HERE / "player.css").read_text("utf8")


def style() -> str:
    """The style sheet with the fonts in it, for a page that has no other files."""
    return re.sub(r"url\(([\w-]+\.woff2)\)", lambda found: f"url({_data(font(found[1]))})", _css())


def _data(content: bytes) -> str:
    return "data:font/woff2;base64," + base64.b64encode(content).decode()


@functools.cache
def font(name: str) -> bytes:
    """One of ``FONTS``: a woff2 of some letters of a font that comes with matplotlib (DejaVu: free licence)."""
    import io

    try:
        import brotli  # noqa: F401  (fontTools needs it to write woff2)
        from fontTools.subset import Options, Subsetter, load_font, parse_unicodes, save_font
    except ImportError as missing:
        raise ImportError(
            f"a page needs its letters cut out of a font, which takes fonttools and brotli: "
            f'pip install "liveplate[page]" ({missing})'
        ) from None
    source, letters = FONTS[name]
    options = Options(
        flavor="woff2", layout_features=["kern"], hinting=False, drop_tables=[*Options().drop_tables, "FFTM"]
    )
    opened = load_font(str(pathlib.Path(matplotlib.get_data_path(), "fonts", "ttf", source)), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(letters.replace("U+", "")))
    subsetter.subset(opened)
    out = io.BytesIO()
    save_font(opened, out, options)
    return out.getvalue()
