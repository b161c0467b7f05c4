"""The directives ``{library} renorm.theory`` and ``{library-index}``: pages made of the library's docstrings.

Every name says which chapters use it, and every chapter, at its end, which names it uses; both are read from the code
of the notebooks. Where the repository has an address, each name leads to its source.
"""

import inspect
import re
from pathlib import Path

import docstrings
import library_names as library
import repository_links
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
MODULE_PREFIX = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])")  # numpy.ndarray is ndarray


def chapters(env) -> dict[str, Path]:
    """The chapters of this build in reading order: page and file."""
    found = {name: Path(env.doc2path(name)) for name in sorted(env.found_docs) if re.match(r"notebooks/\d\d-", name)}
    return {name: path for name, path in found.items() if path.suffix == ".ipynb" and number(name)}


def number(page: str) -> int:
    return int(re.match(r"notebooks/(\d\d)-", page)[1])


def reference(address: str, text: str) -> addnodes.pending_xref:
    """A link to a name or a module, resolved when all pages are read."""
    where = dict(refdomain="py", reftype="obj", reftarget=address, refexplicit=True, refwarn=True, refspecific=False)
    return addnodes.pending_xref("", nodes.literal("", text), **where)


def linker(home: str, own: str = "", value=None):
    """What makes a reference of a name in a docstring of the module ``home``.

    None of what is being described, ``own``, and none of its arguments, which may have a function's name.
    """
    try:
        arguments = set(inspect.signature(value).parameters)
    except (TypeError, ValueError):  # a constant, an exception
        arguments = set()

    def link(text: str):
        address = library.find(text, home) if text not in arguments else None
        return reference(address, text) if address and address != own else None

    return link


def shown_default(value) -> str:
    if inspect.isclass(value) or inspect.isroutine(value):
        return value.__name__
    return "…" if repr(value).startswith("<") else repr(value)


def annotation(found, home: str) -> list[nodes.Node]:
    """A type in words as short as they are clear; our own classes are links."""
    text = MODULE_PREFIX.sub("", found if isinstance(found, str) else inspect.formatannotation(found))
    parts = []
    for part in re.split(r"(\w+)", text):
        address = library.find(part, home) if part[:1].isupper() else None
        word = addnodes.desc_sig_name("", part)
        parts.append(addnodes.pending_xref("", word, **reference(address, "").attributes) if address else word)
    return [part for part in parts if part.astext()]


def parameters(value, home: str, bound: bool) -> list[nodes.Node]:
    """The arguments of a function or class, and what it returns."""
    try:
        signature = inspect.signature(value)
    except ValueError:
        return []
    listed, seen = addnodes.desc_parameterlist(), set()
    for parameter in list(signature.parameters.values())[1 if bound else 0 :]:
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        if parameter.kind == parameter.KEYWORD_ONLY and not seen & {parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL}:
            listed += addnodes.desc_parameter("", "", addnodes.desc_sig_operator("", "*"))
        elif seen == {parameter.POSITIONAL_ONLY} and parameter.kind != parameter.POSITIONAL_ONLY:
            listed += addnodes.desc_parameter("", "", addnodes.desc_sig_operator("", "/"))
        seen.add(parameter.kind)
        one = addnodes.desc_parameter("", "", addnodes.desc_sig_name("", star + parameter.name))
        if parameter.annotation is not parameter.empty:
            one += [
                addnodes.desc_sig_punctuation("", ":"),
                addnodes.desc_sig_space(),
                *annotation(parameter.annotation, home),
            ]
        if parameter.default is not parameter.empty:
            sign = " = " if parameter.annotation is not parameter.empty else "="
            one += addnodes.desc_sig_operator("", sign)
            one += nodes.inline("", shown_default(parameter.default), classes=["default_value"])
        listed += one
    returned = signature.return_annotation
    known = returned not in (signature.empty, None) and not inspect.isclass(value)
    return [listed, *([addnodes.desc_returns("", "", *annotation(returned, home))] if known else [])]


def members(cls) -> list[tuple[str, str, object]]:
    """(name, kind, what has the docstring) of a class's public methods and properties that say what they do."""
    found = []
    for name, value in vars(cls).items():
        function = getattr(value, "fget", None) or getattr(value, "__func__", None) or getattr(value, "func", value)
        if not name.startswith("_") and inspect.isfunction(function) and inspect.getdoc(function):
            method = inspect.isfunction(value) or isinstance(value, (classmethod, staticmethod))
            found.append((name, "method" if method else "property", function))
    return found


class Library(SphinxDirective):
    """The names of one area, by module."""

    required_arguments = 1

    def run(self):
        self.area = self.arguments[0]
        self.users = {}
        for page, path in chapters(self.env).items():
            self.env.note_dependency(str(path))
            for address in library.used_by(path):
                self.users.setdefault(address, []).append(page)
        if self.area == "liveplate":
            return [self.name_node(one) for one in library.names(self.area)]
        return [self.module(module) for module in library.modules(self.area)]

    def module(self, module: str) -> nodes.section:
        value = library.importlib.import_module(module)
        self.env.note_dependency(value.__file__)
        package, _, name = module.rpartition(".")
        prefix = nodes.literal("", f"{package}.", classes=["library-prefix"])
        section = nodes.section("", nodes.title("", "", prefix, nodes.literal("", name)), ids=[module])
        section["classes"] = ["library-module"]
        python = self.env.get_domain("py")
        python.note_module(module, module, "", "", False)
        python.note_object(module, "module", module, location=section)
        section += docstrings.body(value.__doc__ or "", linker(module))
        section += [self.name_node(one) for one in library.names(self.area) if one.module == module]
        return section

    def described(self, kind, address, shown, value, home, bound=False) -> tuple[addnodes.desc, addnodes.desc_content]:
        """An entry of the reference, with an anchor of its own, known to the search and to other pages."""
        before, _, name = shown.rpartition(".")
        signature = addnodes.desc_signature("", ids=[address], module=home, fullname=address)
        if kind in ("class", "property"):
            signature += addnodes.desc_annotation("", "", nodes.Text(kind), addnodes.desc_sig_space())
        signature += [addnodes.desc_addname("", f"{before}.")] if before else []
        signature += addnodes.desc_name("", name)
        if kind == "data":
            signature += addnodes.desc_annotation("", f" = {value!r}")
        elif kind != "property":
            signature += parameters(value, home, bound)
        content = addnodes.desc_content()
        self.env.get_domain("py").note_object(address, kind, address, location=signature)
        where = {"domain": "py", "objtype": kind, "desctype": kind, "no-index": False, "noindex": False}
        return addnodes.desc("", signature, content, classes=["py", kind], **where), content

    def name_node(self, one: library.Name) -> addnodes.desc:
        node, content = self.described(one.kind, one.address, one.address, one.value, one.module)
        entry = ("single", f"{one.name} ({one.address.rpartition('.')[0]})", one.address, "", None)
        node.insert(0, addnodes.index(entries=[entry]))
        link = linker(one.module, one.address, one.value)
        content += docstrings.body(one.doc, link)
        if one.kind == "class":
            for name, kind, value in members(one.value):
                inner, text = self.described(kind, f"{one.address}.{name}", name, value, one.module, kind == "method")
                text += docstrings.body(value.__doc__, link)
                content += inner
        content += self.foot(one)
        return node

    def foot(self, one: library.Name) -> list[nodes.Node]:
        """Where it is used, and where its source is."""
        users, parts = self.users.get(one.address, []), []
        if users:
            parts.append(nodes.Text("In chapter " if len(users) == 1 else "In chapters "))
            for place, page in enumerate(users):
                parts += [nodes.Text("" if not place else " and " if place == len(users) - 1 else ", ")]
                where = dict(refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=True, refwarn=True)
                parts.append(
                    addnodes.pending_xref("", nodes.inline("", str(number(page))), refdoc=self.env.docname, **where)
                )
            parts.append(nodes.Text(". "))
        url, at = repository_links.address(self.env.app), library.line(one)
        if url and at:
            target = f"{url}/blob/{repository_links.BRANCH}/{at[0]}#L{at[1]}"
            parts += [nodes.reference("", "Source", refuri=target), nodes.Text(".")]
        return [nodes.paragraph("", "", *parts, classes=["library-foot"])] if parts else []


class LibraryIndex(SphinxDirective):
    """One line for each name that ``renorm`` and ``liveplate`` hand out, by area; ``:area:`` for one of them."""

    option_spec = {"area": directives.unchanged_required}

    def run(self):
        rows = nodes.definition_list(classes=["library-index"])
        for one in library.names(self.options["area"]):
            if one.address == f"{one.address.split('.')[0]}.{one.name}":
                self.env.note_dependency(library.importlib.import_module(one.module).__file__)
                says = docstrings.summary(one.doc)
                body = nodes.paragraph("", "", *docstrings.inline(says, lambda name: None))
                rows += nodes.definition_list_item(
                    "", nodes.term("", "", reference(one.address, one.name)), nodes.definition("", body)
                )
        return [rows]


def add_uses(app, doctree, page):
    """At the end of a chapter: which names of the library it uses, each a link."""
    if page not in chapters(app.env) or app.builder.format != "html":
        return
    objects = app.env.get_domain("py").objects
    used = sorted(library.used_by(Path(app.env.doc2path(page))), key=lambda address: address.rpartition(".")[2].lower())
    links = []
    for address in used:
        if address in objects and address.startswith("renorm"):
            uri = app.builder.get_relative_uri(page, objects[address].docname) + f"#{address}"
            name = nodes.literal("", address.rpartition(".")[2])
            links += [nodes.Text(", "), nodes.reference("", "", name, refuri=uri, internal=True)]
    sections = list(doctree.findall(nodes.section))
    if links and sections:
        start = [nodes.Text("From the "), *index_link(app, page), nodes.Text(": ")]
        sections[0] += nodes.paragraph("", "", *start, *links[1:], nodes.Text("."), classes=["from-the-library"])


def index_link(app, page: str) -> list[nodes.Node]:
    if "book/library" not in app.env.found_docs:
        return [nodes.Text("library")]
    return [nodes.reference("", "library", refuri=app.builder.get_relative_uri(page, "book/library"), internal=True)]


def setup(app):
    app.add_directive("library", Library)
    app.add_directive("library-index", LibraryIndex)
    app.connect("doctree-resolved", add_uses)
    app.add_css_file("library.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
