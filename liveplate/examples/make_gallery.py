"""Writes docs/gallery.md from gallery.py: the same words and code as a page that MyST-NB executes.

python examples/make_gallery.py
"""

from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "gallery.md"
HEAD = """---
file_format: mystnb
kernelspec:
  name: python3
---
"""


def cells(source: str) -> list[tuple[str, str]]:
    """("markdown" | "code", text) of a script in the percent format.

    >>> cells("# %% [markdown]\\n# # Title\\n\\n# %%\\na = 1\\n")
    [('markdown', '# Title'), ('code', 'a = 1')]
    """
    found = []
    for part in ("\n" + source).split("\n# %%")[1:]:
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            found.append(("markdown", "\n".join(line[1:].removeprefix(" ") for line in body.strip().splitlines())))
        else:
            found.append(("code", body.strip()))
    return found


def page(source: str) -> str:
    """The page as MyST Markdown."""
    parts = [text if kind == "markdown" else f"```{{code-cell}}\n{text}\n```" for kind, text in cells(source)]
    return HEAD + "\n" + "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page((HERE / "gallery.py").read_text("utf8")), "utf8")
    print(PAGE)
