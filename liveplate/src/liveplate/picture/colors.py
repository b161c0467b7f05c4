"""Colours for both themes: black and white follow the page, others are made lighter until they stand out on dark."""

import colorsys

from matplotlib.colors import to_hex, to_rgb

DARK_PAPER = "#121212"
CONTRAST = {"text": 4.5, "mark": 3.0}  # WCAG 2: text, and graphics


def luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(a: str, b: str) -> float:
    """WCAG contrast ratio, 1 to 21.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    low, high = sorted((luminance(a), luminance(b)))
    return round((high + 0.05) / (low + 0.05), 6)


def light_value(colour: str) -> str:
    return {"#000000": "currentColor", "#ffffff": "var(--live-paper)"}.get(colour, colour)


def dark_value(colour: str, use: str) -> str:
    """The colour on dark paper: greys are inverted, others lightened until their contrast suffices.

    >>> dark_value("#000000", "text"), contrast(dark_value("#0000ff", "text"), DARK_PAPER) >= 4.5
    ('currentColor', True)
    """
    if colour in ("#000000", "#ffffff"):
        return light_value(colour)
    hue, lightness, saturation = colorsys.rgb_to_hls(*to_rgb(colour))
    if saturation < 0.12:
        lightness = 0.09 + 0.85 * (1 - lightness)
    shown = to_hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    pale = saturation < 0.12 and luminance(colour) > 0.5  # a faint grey line stays faint
    while not pale and contrast(shown, DARK_PAPER) < CONTRAST[use] and lightness < 1:
        lightness = min(1.0, lightness + 0.02)
        shown = to_hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return shown


def _variables(palette: dict[tuple[str, str], int]) -> tuple[str, str]:
    """Declarations of the palette's colours for light and for dark paper."""
    light = ";".join(f"--c{i}:{light_value(colour)}" for (colour, _), i in palette.items())
    dark = ";".join(f"--c{i}:{dark_value(colour, use)}" for (colour, use), i in palette.items())
    return light, dark


def palette_css(selector: str, palette: dict[tuple[str, str], int]) -> str:
    """The figure's colour variables for light and dark pages (on a page without theme: by the system's setting)."""
    light, dark = _variables(palette)
    plain = ":root:not([data-theme]):not([data-content_root])"
    return (
        f"{selector}{{{light}}}[data-theme=dark] {selector}{{{dark}}}"
        f"@media(prefers-color-scheme:dark){{{plain} {selector}{{{dark}}}}}"
        f"@media print{{:root {selector}{{{light}}}}}"
    )


def notebook_css(selector: str, palette: dict[tuple[str, str], int]) -> str:
    """The same for a notebook: JupyterLab's theme, and black on white where there is none."""
    light, dark = _variables(palette)
    paper = "--live-paper:var(--jp-layout-color0,#fff);background:var(--live-paper)"
    ink = "color:var(--jp-content-font-color1,#000)"
    return f"{selector}{{{paper};{ink};{light}}}[data-jp-theme-light=false] {selector}{{{dark}}}"
