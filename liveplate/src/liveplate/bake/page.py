"""The figure as a fragment of a page: the default state, its controls, its words, its payload."""

import base64
import html
import re
from collections.abc import Mapping

from liveplate.draw.paths import number
from liveplate.draw.text import math_html
from liveplate.picture.colors import palette_css
from liveplate.picture.gather import Element
from liveplate.picture.svg import Sheet, element_node
from liveplate.spec.controls import Control
from liveplate.spec.figure import LiveFigure

escape = html.escape


def fragment(
    figure: LiveFigure, drawings: list[list[Element]], sheet: Sheet, sentence: str, payload: bytes, facts: Mapping
) -> str:
    """The ``<figure>``. ``drawings``: elements of each layout; ``facts``: what the build counts, as attributes."""
    name = figure.name
    counter, pictures = iter(range(1 << 20)), []
    label = escape(f"{figure.title}. {figure.alt}")
    for i, (layout, elements) in enumerate(zip(figure.layouts, drawings, strict=True)):
        role = "" if len(drawings) == 1 else (" live-wide", " live-narrow")[i]
        nodes = "".join(element_node(e, sheet, _marks(e, counter, figure)) for e in elements)
        width, height = (number(100 * inches) for inches in layout.figsize)
        pictures.append(
            f'<svg class="live-picture{role}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{label}" aria-describedby="{name}-said">{nodes}</svg>'
        )
    # clip paths serve both pictures: in a picture that is not displayed, some browsers would not find them
    svg = f'<svg class="live-definitions" aria-hidden="true">{sheet.definitions()}</svg>' + "".join(pictures)
    counted = "".join(f' data-{key}="{escape(str(value))}"' for key, value in facts.items())
    sweep = list(figure.controls).index(figure.sweep)
    two = " live-two" if len(drawings) > 1 else ""
    return (
        f'<figure class="live{two}" id="{name}" data-live-figure="{name}" data-sweep="{sweep}"{counted}>'
        f"<style>{palette_css('#' + name, sheet.palette)}</style>{svg}"
        f'<p class="live-readout" id="{name}-said">{escape(sentence, quote=False)}</p>'
        '<p class="live-status" role="status"></p>'
        '<p class="live-problem" role="alert">The sliders need JavaScript and a '
        "browser of 2023 or later (Chrome 85, Firefox 113, Safari 16.4). The picture shows the default values.</p>"
        f"{_controls(figure)}"
        f"<figcaption><strong>{math_html(_closed(figure.title))}</strong> {math_html(figure.caption or '')}"
        f'<span class="live-print"> Drawn for {_values(figure)}.</span></figcaption>'
        '<details class="live-data"><summary>Data of this picture</summary><a>download as CSV</a>'
        f'<div tabindex="0" role="region" aria-label="Data of {escape(figure.title)}"></div></details>'
        f"<noscript><style>#{name} .live-controls,#{name} .live-data{{display:none}}</style></noscript>"
        f'<script type="text/plain" class="live-payload">{base64.b64encode(payload).decode()}</script></figure>'
    )


def _closed(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else title + "."


def grabbed(element: Element, figure: LiveFigure) -> str | None:
    """The control whose mark this is."""
    slot = re.split(r"[~^]", element.slot)[0]
    return next((n for n in figure.grab if slot.endswith(f".@grab:{n}")), None)


def _marks(element: Element, counter, figure: LiveFigure) -> str:
    """What the player and the data table find the node by, and which control it drags along which axis."""
    marks = f' data-b="{next(counter)}"' if element.varies else ""
    if name := grabbed(element, figure):
        marks += f' data-grab="{list(figure.controls).index(name)},{"xy".index(figure.grab[name])}"'
    return marks + (f' data-s="{escape(element.series)}"' if element.series else "")


def _values(figure: LiveFigure) -> str:
    """The default state in words: ``n = 100, λ = 0.001``."""
    parts = [
        f"{escape(c.symbol or c.label or key)} = {escape(c.with_unit(c.value))}" for key, c in figure.controls.items()
    ]
    return ", ".join(parts)


def _controls(figure: LiveFigure) -> str:
    rows = "".join(_row(figure.name, key, control) for key, control in figure.controls.items())
    presets = {label: _places(figure, values) for label, values in figure.presets.items()}
    buttons = "".join(
        f'<button type="button" data-p="{places}">{escape(label)}</button>' for label, places in presets.items()
    )
    initial = ",".join(map(str, figure.default))
    return (
        f'<fieldset class="live-controls" disabled><legend>Controls of the figure: {escape(figure.title)}</legend>'
        f'<div class="live-rows">{rows}</div><div class="live-buttons">{buttons}'
        '<button type="button" class="live-play">▶ play</button>'
        f'<button type="button" data-p="{initial}">reset</button>'
        '<button type="button" class="live-link">copy link</button></div></fieldset>'
    )


def _places(figure: LiveFigure, values: Mapping) -> str:
    return ",".join(str(c.values.index(values[k])) if k in values else "" for k, c in figure.controls.items())


def _row(name: str, key: str, control: Control) -> str:
    ident = f"{name}--{key}"
    texts = [control.with_unit(v) for v in control.values]
    raw = [slug(t) for t in control.names] if control.names else [f"{v:.10g}" for v in control.values]
    words = escape(control.label or "") + (f" <i>{escape(control.symbol)}</i>" if control.symbol else "")
    common = (
        f'id="{ident}" name="{key}" data-d="{control.default}" data-v="{_lines(raw)}" data-t="{_lines(texts)}" '
        'autocomplete="off" data-lm-suppress-shortcuts="true"'
    )
    if control.kind == "toggle":
        box = f'<input type="checkbox" {common}{" checked" if control.value else ""}><span></span>'
    elif control.kind == "choice":
        options = "".join(
            f'<option value="{i}"{" selected" if i == control.default else ""}>{escape(t)}</option>'
            for i, t in enumerate(texts)
        )
        box = f"<select {common}>{options}</select><span></span>"
    else:
        now = escape(texts[control.default])
        box = (
            f'<input type="range" min="0" max="{len(texts) - 1}" step="1" value="{control.default}" '
            f'aria-valuetext="{now}" {common}><output for="{ident}" aria-hidden="true">{now}</output>'
        )
    return f'<div class="live-row"><label for="{ident}">{words.strip()}</label>{box}</div>'


def _lines(texts: list[str]) -> str:
    return "&#10;".join(escape(text) for text in texts)


def slug(text: str) -> str:
    """A choice's name inside a link.

    >>> slug("random labels")
    'random-labels'
    """
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
