"""Check a built site without a network: pages, tracebacks, links and fragments, alternative text, third parties."""

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "track": "src",
    "video": "src",
}
LINK_ONLY = {"next", "prev", "search", "index", "canonical", "author", "license"}  # `link` elements that load nothing
SHORTEST_ALT = 20  # characters: shorter text can't say what a figure shows
FILE_NAME = re.compile(r"[\w./-]+\.(?:png|svg|jpe?g|gif)")


@dataclass
class Page:
    """What one HTML file refers to, with the line on which it does."""

    links: list[tuple[str, int]] = field(default_factory=list)
    loads: list[tuple[str, int]] = field(default_factory=list)
    images: list[tuple[dict, int]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    live_figures: int = 0


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag, attrs):
        values, line = dict(attrs), self.getpos()[0]
        self.page.ids |= {values[key] for key in ("id", "name") if values.get(key)}
        if tag == "a" and values.get("href"):
            self.page.links.append((values["href"], line))
        if tag == "img":
            self.page.images.append((values, line))
        if "data-live-figure" in values:
            self.page.live_figures += 1
        url = values.get(LOADS.get(tag, ""))
        if url:
            only_link = tag == "link" and set((values.get("rel") or "").split()) <= LINK_ONLY
            (self.page.links if only_link else self.page.loads).append((url, line))


def read_pages(root: Path) -> dict[Path, Page]:
    pages = {}
    for path in sorted(root.rglob("*.html")):
        parts = path.relative_to(root).parts
        if parts[0] in ("_static", "lite"):  # templates of the theme; JupyterLite has its own tests
            continue
        reader = Reader()
        reader.feed(path.read_text("utf8"))
        pages[path] = reader.page
    return pages


def resolve(page: Path, url: str) -> Path:
    target = (page.parent / unquote(urlsplit(url).path)).resolve() if urlsplit(url).path else page
    return target / "index.html" if target.is_dir() else target


def place(fragment: str) -> str:
    """The id that a fragment names; after a question mark follow the values of a live figure's controls."""
    return unquote(fragment).partition("?")[0]


def link_problems(root: Path, pages: dict[Path, Page]) -> list[str]:
    problems = []
    for path, page in pages.items():
        urls = [(url, line, False) for url, line in page.links] + [(url, line, True) for url, line in page.loads]
        for url, line, loads in urls:
            at, parts = f"{path.relative_to(root)}:{line}", urlsplit(url)
            if parts.scheme in ("http", "https") or url.startswith("//"):
                if loads:
                    problems.append(f"{at}: loads {url} from elsewhere")
            elif not parts.scheme:
                target = resolve(path, url)
                if not target.exists():
                    problems.append(f"{at}: {url} leads to no file")
                elif parts.fragment and target in pages and place(parts.fragment) not in pages[target].ids:
                    problems.append(f"{at}: {url} leads to no such place in the page")
    return problems


def style_problems(root: Path) -> list[str]:
    problems = []
    for path in sorted(root.rglob("*.css")):
        if path.relative_to(root).parts[0] == "lite":
            continue
        text = path.read_text("utf8", "replace")
        urls = re.findall(r"url\(\s*[\"']?([^\"')]+)", text) + re.findall(r"@import\s+[\"']([^\"']+)", text)
        for url in urls:
            if url.startswith(("data:", "#")):
                continue
            if urlsplit(url).scheme or url.startswith("//"):
                problems.append(f"{path.relative_to(root)}:1: loads {url} from elsewhere")
            elif not (path.parent / unquote(urlsplit(url).path)).resolve().exists():
                problems.append(f"{path.relative_to(root)}:1: {url} leads to no file")
    return problems


def image_problems(root: Path, pages: dict[Path, Page]) -> list[str]:
    """An image says in words what it shows; `alt=""` with role="presentation" marks one that only decorates."""
    problems = []
    for path, page in pages.items():
        for attributes, line in page.images:
            alt = (attributes.get("alt") or "").strip()
            if attributes.get("role") == "presentation" and not alt:
                continue
            if len(alt) < SHORTEST_ALT or FILE_NAME.fullmatch(alt):
                name = attributes.get("src", "")[:80]
                problems.append(f"{path.relative_to(root)}:{line}: image {name} has no alternative text (alt={alt!r})")
    return problems


def page_problems(root: Path, pages: dict[Path, Page], documents: list[str]) -> list[str]:
    problems = [f"{name}.html:1: the page is missing" for name in documents if root / f"{name}.html" not in pages]
    if root / "index.html" not in pages:
        problems.append("index.html:1: the page is missing")
    for path in pages:
        for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
            promised = '<span class="gt">Traceback' in line  # in a docstring's example; a cell's error has a class
            if "Traceback (most recent call last)" in line and not promised or 'class="output traceback' in line:
                problems.append(f"{path.relative_to(root)}:{number}: a traceback is shown")
    return problems


def check(root: Path, documents: list[str]) -> tuple[list[str], dict[str, int]]:
    """All problems found, each with file and line, and what was counted."""
    root = root.resolve()
    pages = read_pages(root)
    problems = page_problems(root, pages, documents) + link_problems(root, pages)
    problems += style_problems(root) + image_problems(root, pages)
    counts = {
        "pages": len(pages),
        "links": sum(len(page.links) + len(page.loads) for page in pages.values()),
        "images": sum(len(page.images) for page in pages.values()),
        "live figures": sum(page.live_figures for path, page in pages.items() if path != root / "index.html"),
    }
    return problems, counts


if __name__ == "__main__":
    found, counted = check(Path(sys.argv[1]), sys.argv[2:])
    print("\n".join(found + [f"{value} {name}" for name, value in counted.items()]))
    sys.exit(bool(found))
