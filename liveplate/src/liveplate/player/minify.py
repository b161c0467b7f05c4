"""Takes comments and needless space out of the player. Names stay: what is served can still be read."""

import re

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)
      | (?P<space>\s+)
      | (?P<word>[\w$]+)
      | (?P<regex>/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/[a-z]*)
      | (?P<mark>.)""",
    re.S | re.X,
)


def minify_js(source: str) -> str:
    """JavaScript whose statements end in semicolons, without comments and needless white space.

    >>> minify_js("const a = 1;  // one" + chr(10) + "let b = a / 2 / 3, c = /[/ ]x/.test('a  b');")
    "let a=1;let b=a/2/3,c=/[/ ]x/.test('a  b');"
    """
    out, at, before, space = [], 0, "", False
    while at < len(source):
        match = TOKEN.match(source, at)
        text = match.group()
        # a slash after a value divides; after an operator or an opening bracket it begins a regular expression
        if match.lastgroup == "regex" and (before[-1:] in ")]}" or re.match(r"[\w$\"'`]", before[-1:] or " ")):
            if before not in ("return", "typeof", "case"):
                text, at = "/", at + 1
            else:
                at = match.end()
        else:
            at = match.end()
        if match.lastgroup in ("comment", "space"):
            space = space or bool(text.strip() == "" or "\n" in text)
            continue
        text = "let" if text == "const" else text  # two letters less, and what was constant stays so
        both_words = re.match(r"[\w$]", text) and re.match(r"[\w$]", before[-1:] or " ")
        same_sign = text in "+-" and before[-1:] == text
        if space and (both_words or same_sign):
            out.append(" ")
        out.append(text)
        before, space = text, False
    return "".join(out)


def minify_css(source: str) -> str:
    """CSS without comments and needless white space.

    >>> minify_css("a { color: red; } /* x */ @media (a: b) { p > q { margin: 0 auto; } }")
    'a{color:red}@media (a:b){p>q{margin:0 auto}}'
    """
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"\s+", " ", source)
    source = re.sub(r"\s*([{};,>])\s*", r"\1", source)
    return re.sub(r":\s+", ":", source).replace(";}", "}").strip()
