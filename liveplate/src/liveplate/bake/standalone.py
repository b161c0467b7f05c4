"""Baked figures with all that they need: a whole page of one, and outputs of a notebook that work by themselves."""

import html
import pathlib

from liveplate.player.assets import player, style

# On a notebook's page: JupyterLab's colours where there are some. Whether it is dark, JupyterLab or the ink says,
# not the system's setting: nbconvert's page, or Quarto's, is light on a dark system.
NOTEBOOK = (
    "[data-jp-theme-light] figure.live{--pst-color-background:var(--jp-layout-color0);"
    "--pst-color-text-base:var(--jp-content-font-color1);background:var(--live-paper)}"
)
THEME = (
    "{const root=document.documentElement,lab=document.querySelector('[data-jp-theme-light]'),"
    "[r,g,b]=getComputedStyle(document.body).color.match(/\\d+/g);"
    "root.dataset.theme??=(lab?lab.dataset.jpThemeLight==='false':+r+ +g+ +b>384)?'dark':'light'}"
)
PAGE = (
    ":root{color-scheme:light dark}body{margin:0;background:#fff;color:#1b1b1b;"
    "font-family:'Live Sans','DejaVu Sans',Verdana,sans-serif;"
    "line-height:1.4}main{max-width:40rem;margin:0 auto;padding:1rem}main.wide{max-width:64rem}"
    "@media(prefers-color-scheme:dark){body{background:#121212;color:#e8e8e8}}"
)
SCAN = "<script>globalThis.liveFigures?.scan()</script>"
MARK = "data-liveplate"  # on the style sheet that came with a notebook's first figure
_bearer: str | None = None


def document(title: str, figures: list[str]) -> str:
    """One page that needs no other file: ``figures`` as ``fragment`` made them."""
    width = ' class="wide"' if any('class="live live-two"' in figure for figure in figures) else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{style()}{PAGE}</style></head>\n"
        f"<body><main{width}>{''.join(figures)}</main>\n"
        f"<script>{player()}</script></body></html>\n"
    )


def output(name: str, figure: str) -> str:
    """A figure as a notebook's output. The first of a session bears player and style sheet for all of its page.

    It goes on to do so when its cell is run again: it is known by its name.
    """
    global _bearer
    _bearer = _bearer or name
    if name != _bearer:
        return figure + SCAN
    return f"<style {MARK}>{style()}{NOTEBOOK}</style>{figure}<script>{THEME}{player()}</script>"


def write(path, title: str, figures: list[str]) -> pathlib.Path:
    """Write the page of ``figures`` to ``path``, a file whose name ends in .html in a folder that is there."""
    path = checked(path)
    path.write_text(document(title, figures), "utf8")
    return path


def checked(path) -> pathlib.Path:
    path = pathlib.Path(path)
    if path.suffix not in (".html", ".htm"):
        raise ValueError(f"path = {str(path)!r}: must end in .html")
    if not path.parent.is_dir():
        raise ValueError(f"path = {str(path)!r}: there is no folder {str(path.parent)!r}")
    return path
