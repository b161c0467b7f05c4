"""Walks: an ordered list right after a live figure, each item of which ends with a link to a state of that figure.

    1. **Few samples.** The error falls. [n = 10](#one-learner?n=10&ridge=0)
    2. **As many as weights.** It explodes. [n = 50](#one-learner?n=50)

On a page of Sphinx the figure stays in view while the reader scrolls past the items, and its controls go where each
says; anywhere else it is a list with links. What an item does not name stays as in the items before it; the first
begins at the figure's defaults. A step that names a control or a value that the figure does not have is an
``ExtensionError``. Links of this form to figures of other pages (``other.md#name?n=10``) are checked, too, and lead to
the state.
"""

import re
from html import unescape
from urllib.parse import parse_qsl

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

STATE_LINK = re.compile(r"#([A-Za-z][\w-]*)\?(.+)")
FIGURE = re.compile(r'<figure class="live[^>]* id="([^"]+)".*?</fieldset>', re.S)
CONTROL = re.compile(r' name="([^"]*)" data-d="(\d+)" data-v="([^"]*)" data-t="([^"]*)"')

Controls = dict[str, tuple[int, list[str]]]  # name -> place of the default, values as links write them


class walk(nodes.General, nodes.Element):
    """The figure's cell, and the list of steps."""


class step_title(nodes.General, nodes.TextElement):
    """The name of a step: a heading, at the level below its section's."""


def controls_of(html: str) -> dict[str, Controls]:
    """The live figures in a piece of HTML, with their controls.

    >>> page = '<figure class="live" id="a"> name="n" data-d="1" data-v="5&#10;10" data-t="5&#10;10"</fieldset>'
    >>> controls_of(page)
    {'a': {'n': (1, ['5', '10'])}}
    """
    found = {}
    for figure in FIGURE.finditer(html):
        rows = CONTROL.findall(figure[0])
        found[figure[1]] = {unescape(n): (int(default), unescape(values).split("\n")) for n, default, values, _ in rows}
    return found


def places(query: str, controls: Controls, before: list[int]) -> list[int]:
    """The place of every control on its grid after a link's query; ValueError names what the figure does not have.

    >>> places("n=10", {"n": (1, ["5", "10"]), "ridge": (0, ["0", "0.1"])}, [0, 1])
    [1, 1]
    """
    after = list(before)
    for name, text in parse_qsl(query, keep_blank_values=True, strict_parsing=True):
        if name not in controls:
            raise ValueError(f"the control {name!r}: it has {', '.join(controls)}")
        values = controls[name][1]
        same = [k for k, value in enumerate(values) if value == text or _number(value) == _number(text) is not None]
        if not same:
            raise ValueError(f"{name} = {text}: its values are {', '.join(values)}")
        after[list(controls).index(name)] = same[0]
    return after


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


class FindWalks(SphinxTransform):
    """While a page is read: its links to states become plain ones, and lists of them behind their figure, walks."""

    default_priority = 700  # before MyST looks for places on the page that have these names

    def apply(self, **kwargs):
        figures = {}
        for raw in self.document.findall(nodes.raw):
            if raw.get("format") == "html":
                figures |= controls_of(raw.astext())
        _kept(self.env)[self.env.docname] = figures
        for link in self.document.findall(addnodes.pending_xref):
            if "?" in (target := link.get("reftargetid") or ""):  # on another page
                link["reftargetid"] = None
                words = nodes.inline("", "", *link[0].children)  # MyST keeps what is inside
                words["live_state"] = [link["reftarget"], target]
                link[0][:] = [words]
        for steps in list(self.document.findall(nodes.enumerated_list)):
            if not isinstance(steps.parent, walk):
                self.become_walk(steps, figures)
        for link in self.document.findall(nodes.reference):
            if (found := STATE_LINK.fullmatch(link.get("refuri", ""))) and found[1] in figures:
                link.attributes.pop("id_link", None)
                check(self.env.docname, found[1], found[2], figures[found[1]])

    def become_walk(self, steps, figures) -> None:
        links = [_last_link(item) for item in steps]
        if None in links:
            return
        names = {STATE_LINK.fullmatch(link["refuri"])[1] for link in links}
        place = steps.parent.index(steps)
        cell = steps.parent[place - 1] if place else None
        if len(names) != 1 or cell is None:
            return
        name = names.pop()
        inside = [raw for raw in cell.findall(nodes.raw) if name in controls_of(raw.astext())]
        if not inside:
            return
        controls = figures[name]
        now, stops = [default for default, _ in controls.values()], []
        for k, (item, link) in enumerate(zip(steps, links, strict=True), 1):
            now = check(f"{self.env.docname}: step {k}", name, STATE_LINK.fullmatch(link["refuri"])[2], controls, now)
            item["classes"].append("live-step")
            item["ids"].append(f"{name}-step-{k}")
            link["classes"].append("live-state")
            stops.append(",".join(map(str, now)))
            _entitle(item, f"{self.env.docname}: step {k} of the walk with {name}")
        steps["classes"].append("live-steps")
        around = steps.parent
        around[place - 1 : place + 1] = [walk("", cell, steps, stops=" ".join(stops))]


def check(where: str, name: str, query: str, controls: Controls, before: list[int] | None = None) -> list[int]:
    try:
        return places(query, controls, before or [default for default, _ in controls.values()])
    except ValueError as error:
        raise ExtensionError(f"{where}: the live figure {name!r} has no {error}".replace("no the", "not the")) from None


def _last_link(item):
    """The link to a state of a figure that is the last thing in an item."""
    last = item
    while last.children and not (isinstance(last, nodes.reference)):
        last = last.children[-1]
    return last if isinstance(last, nodes.reference) and STATE_LINK.fullmatch(last.get("refuri", "")) else None


def _entitle(item, where: str) -> None:
    """The bold words that an item begins with become its heading."""
    first = item[0]
    words = [part for part in first if part.astext()]  # MyST may leave an empty text before the bold ones
    if not (isinstance(first, nodes.paragraph) and words and isinstance(words[0], nodes.strong)):
        raise ExtensionError(f"{where}: its item must begin with a name in bold, **As many as weights.** …")
    strong, *rest = words
    if rest and isinstance(rest[0], nodes.Text):
        rest[0] = nodes.Text(rest[0].astext().lstrip())
    first[:] = rest
    item.insert(0, step_title("", "", *strong.children))


def lead_elsewhere(app, doctree, page):
    """Links to states of figures on other pages get their state back, once it is known where the page is."""
    for link in doctree.findall(nodes.reference):
        for words in link.findall(nodes.inline):
            if "live_state" in words:
                other, target = words["live_state"]
                found = STATE_LINK.fullmatch("#" + target)
                if not found or found[1] not in _kept(app.env).get(other, {}):
                    raise ExtensionError(f"{page}: {other} has no live figure for the link #{target}")
                check(page, found[1], found[2], _kept(app.env)[other][found[1]])
                link["refuri"] = f"{link.get('refuri', '').partition('#')[0]}#{target}"


def _kept(env) -> dict[str, dict[str, Controls]]:
    if not hasattr(env, "live_controls"):
        env.live_controls = {}
    return env.live_controls


def forget(app, env, page):
    _kept(env).pop(page, None)


def merge(app, env, pages, other):
    _kept(env).update({page: _kept(other).get(page, {}) for page in pages})


def open_walk(self, node):
    self.body.append(f'<div class="live-walk" data-stops="{node["stops"]}">')


def close_walk(self, node):
    self.body.append("</div>")


def open_title(self, node):
    depth, at = 1, node
    while at := at.parent:
        depth += isinstance(at, nodes.section)
    node["level"] = min(depth, 6)
    self.body.append(f'<h{node["level"]} class="live-step-title">')


def close_title(self, node):
    self.body.append(f"</h{node['level']}>")


def nothing(self, node):
    pass


def setup(app):
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (nothing, nothing))
    app.add_node(walk, html=(open_walk, close_walk), **plain)
    app.add_node(step_title, html=(open_title, close_title), **plain)
    app.add_transform(FindWalks)
    app.connect("doctree-resolved", lead_elsewhere)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
