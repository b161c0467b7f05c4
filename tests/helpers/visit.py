"""One page of the site, opened in Chromium for several tests: what it asked for, what went wrong, what axe says."""

import functools
import gzip
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

ALREADY_COMPRESSED = (".woff2", ".png", ".jpg", ".zip")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# axe takes a formula for an empty table header; a test looks at those headers itself
NOT_JUDGED = ["empty-table-header"]
# Most of axe's time goes into the colours of letters in formulas and code, each a box of its own; FAINT looks at those.
LETTERS = ".katex-html, .highlight pre > *"
FAINT = """letters => {
    const numbers = css => {   // rgb(…), rgba(…), color(srgb …)
        const found = css.match(/[\\d.]+(e-\\d+)?/g).map(Number), unit = css.startsWith("color") ? 1 : 255;
        return {rgb: found.slice(0, 3).map(x => x / unit), alpha: found[3] ?? 1};
    };
    const papers = new Map(), ratios = new Map();
    const paper = e => {
        if (!e) return [1, 1, 1];
        if (!papers.has(e)) {
            const {rgb, alpha} = numbers(getComputedStyle(e).backgroundColor);
            const below = alpha < 1 ? paper(e.parentElement) : rgb;
            papers.set(e, rgb.map((x, i) => alpha * x + (1 - alpha) * below[i]));
        }
        return papers.get(e);
    };
    const light = rgb => rgb.map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
        .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0.05);
    const said = new Set();
    let seen = 0;
    for (const box of document.querySelectorAll(letters)) for (const e of [box, ...box.querySelectorAll("*")]) {
        if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
        const ink = getComputedStyle(e).color, under = paper(e), key = ink + under;
        if (!ratios.has(key)) {
            const [a, b] = [light(numbers(ink).rgb), light(under)];
            ratios.set(key, Math.max(a, b) / Math.min(a, b));
        }
        if (ratios.get(key) < 4.5) said.add(`${ink} on ${under}: ${e.outerHTML.slice(0, 160)}`);
        seen++;
    }
    return {seen, said: [...said]};
}"""
RUN_AXE = """async ([inside, options, hidden]) => {
    if (inside && !document.querySelector(inside)) return [];
    const sheet = document.head.appendChild(document.createElement("style"));
    sheet.textContent = hidden && hidden + "{visibility: hidden !important}";
    const {violations} = await axe.run(inside || document, {...options, resultTypes: ["violations"]});
    sheet.remove();
    return violations.flatMap(v => v.nodes.map(node => `${v.id}: ${v.help}: ${node.html.slice(0, 160)}`));
}"""


@functools.cache
def axe_source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf8")


@functools.cache
def weight(path: Path) -> int:
    """Bytes of a file of the site as a server that compresses sends it."""
    data = path.read_bytes()
    return len(data) if path.name.endswith(ALREADY_COMPRESSED) else len(gzip.compress(data, 6))


class Visit:
    """One page, opened; remembers what was requested and what went wrong."""

    def __init__(self, browser, address: str, name: str, before: str = "", **settings):
        self.address, self.name = address, name
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        self.page = self.context.new_page()
        self.errors, self.requests = [], []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.add_init_script(before or ";")
        page, _, query = name.partition("?")
        self.page.goto(f"{address}/{page}.html{query and '?'}{query}", wait_until="load")
        self.page.evaluate("document.fonts.ready")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.context.close()

    def weights(self, site: Path) -> dict[str, int]:
        """Compressed bytes of each file that was asked for."""
        here = {url for url in self.requests if url.startswith(self.address)}
        return {url: weight(site / unquote(urlsplit(url).path).lstrip("/")) for url in here}

    def at_once(self) -> None:
        """From now on colours do not glide to another theme's."""
        self.page.add_style_tag(content="*, ::before, ::after {transition: none !important}")

    def faint(self) -> tuple[int, list[str]]:
        """How many letters of formulas and code are seen, and which of them have less contrast than 4.5 to 1."""
        return tuple(self.page.evaluate(FAINT, LETTERS).values())

    def axe(self, inside: str = "") -> list[str]:
        """What axe-core objects to, but for colours: rule, what it means, and the element."""
        off = {rule: {"enabled": False} for rule in [*NOT_JUDGED, *COLOUR_RULES]}
        return self._axe(inside, {"runOnly": {"type": "tag", "values": TAGS}, "rules": off}, "")

    def axe_on_colours(self, inside: str = "") -> list[str]:
        """What axe-core objects to in the colours of all but the letters that ``faint`` looks at."""
        return self._axe(inside, {"runOnly": {"type": "rule", "values": COLOUR_RULES}}, LETTERS)

    def _axe(self, inside: str, options: dict, hidden: str) -> list[str]:
        if not self.page.evaluate("'axe' in globalThis"):
            self.page.evaluate(axe_source())
        return self.page.evaluate(RUN_AXE, [inside, options, hidden])
