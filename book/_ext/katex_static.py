"""Formulas set at build time: KaTeX in an embedded QuickJS gives HTML and MathML; pages need no script for them."""

import json
import re
from pathlib import Path

import quickjs
from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

LOG = logging.getLogger(__name__)
SCRIPT = (
    Path(__file__).resolve().parents[2] / ".cache" / "katex" / "katex.min.js"
)  # tools/assets/katex.py puts it there
RENDER = """function render(tex, display) {
  try { return {html: katex.renderToString(tex, {displayMode: display, throwOnError: true, strict: 'ignore',
                trust: false, output: 'htmlAndMathml'})}; }
  catch (e) { return {error: String(e)}; } }"""
MARKS = re.compile("[.,;:!?)\\]”’…%–-]*")
NUMBERED = ("align", "gather", "alignat", "equation", "multline")


class Renderer:
    """One JavaScript context for a build; formulas that occur twice are set once."""

    def __init__(self):
        self.context, self.done = None, {}

    def __call__(self, tex: str, display: bool) -> dict:
        if self.context is None:
            self.context = quickjs.Context()
            self.context.eval(SCRIPT.read_text("utf8"))
            self.context.eval(RENDER)
        if (tex, display) not in self.done:
            arguments = ",".join(json.dumps(a) for a in (tex, display))
            # only JSON text comes back whole from this engine: a string built by concatenation does not
            self.done[tex, display] = json.loads(self.context.eval(f"JSON.stringify(render({arguments}))"))
        return self.done[tex, display]


RENDERER = Renderer()


def rendered(writer, node, tex: str, display: bool) -> str:
    out = RENDERER(tex, display)
    if "error" in out:
        LOG.warning("formula: %s in %r", out["error"], tex, location=node, type="katex")
        return f"<code>{writer.encode(tex)}</code>"
    return out["html"]


def visit_math(writer, node):
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(rendered(writer, node, node.astext(), False) + "</span>")
    raise nodes.SkipNode


def keep_marks(app, doctree, page) -> None:
    """Put each formula and the punctuation after it into one box: browsers would break the line between them."""
    for formula in list(doctree.findall(nodes.math)):
        parent, place = formula.parent, formula.parent.index(formula)
        text = parent[place + 1] if place + 1 < len(parent) else None
        mark = MARKS.match(text.astext())[0] if isinstance(text, nodes.Text) else ""
        if mark:
            parent[place + 1] = nodes.Text(text.astext()[len(mark) :])
            parent[place] = nodes.inline("", "", formula, nodes.Text(mark), classes=["math-and-mark"])


def display_tex(node) -> str:
    """The formula as one display: blank lines part it into lines, and \\\\ without an environment means `split`."""
    tex = node.astext().strip()
    if node.get("nowrap"):
        for name in NUMBERED:  # the number is Sphinx's, so the starred forms are meant
            tex = tex.replace(rf"\begin{{{name}}}", rf"\begin{{{name}*}}").replace(
                rf"\end{{{name}}}", rf"\end{{{name}*}}"
            )
        return tex
    parts = [part for part in tex.split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{p}\end{{split}}" if r"\\" in p and r"\begin{" not in p else p for p in parts]
    return parts[0] if len(parts) == 1 else r"\begin{gathered}" + r"\\".join(parts) + r"\end{gathered}"


def visit_math_block(writer, node):
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    writer.body.append(rendered(writer, node, display_tex(node), True) + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("katex_static", (visit_math, None), (visit_math_block, None))
    app.connect("doctree-resolved", keep_marks)
    app.add_css_file("katex/katex.min.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
