// Python compiled ahead, so that a reader's browser need not: half of the time to the first figure is saved.
//
// node precompile.mjs sourceless DIST        every wheel of DIST/pyodide-lock.json and the standard library: .pyc for .py
// node precompile.mjs beside DIST PACKAGE    one package keeps its sources, for whoever wants to read them, and has .pyc too
//
// The compiler is the very Python of DIST. What the notebooks never touch is left out (tests, headers, type stubs, PDF
// fonts), and Matplotlib's list of fonts, which the official wheel has in an outdated form, is made anew. Checksums in the
// lock file follow.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [how, folder, only] = process.argv.slice(2);
const dist = path.resolve(folder);
const { loadPyodide } = await import(pathToFileURL(path.join(dist, "pyodide.mjs")));
const lockPath = path.join(dist, "pyodide-lock.json");
const lock = JSON.parse(fs.readFileSync(lockPath, "utf8"));
const python = await loadPyodide({ indexURL: dist + path.sep });

python.runPython(`
import io, zipfile
import importlib._bootstrap_external as external
from importlib.util import cache_from_source, source_hash

SPARE = (".h", ".pxd", ".pyi", ".a")
SPARE_FOLDERS = tuple("matplotlib/mpl-data/" + name for name in ("fonts/afm/", "fonts/pdfcorefonts/", "sample_data/"))


def spare(name):
    return name.endswith(SPARE) or name.startswith(SPARE_FOLDERS) or "/tests/" in name


def compiled(content, name, root):
    """The bytes of a .pyc that is never checked against its source; None for files of another Python (templates)."""
    try:
        # an absolute name: Python would look for a relative one in the working directory when it prints a line of it
        code = compile(content, root + name, "exec", dont_inherit=True, optimize=0)
    except SyntaxError:
        return None
    return external._code_to_hash_pyc(code, source_hash(content), False)


def convert(archive, root, beside, replacements):
    replacements = replacements.to_py()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive.to_bytes())) as old, zipfile.ZipFile(out, "w") as new:
        def write(name, content, mode=0o644 << 16):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))  # the same bytes on every day
            entry.external_attr, entry.compress_type = mode, zipfile.ZIP_DEFLATED
            new.writestr(entry, content, compresslevel=9)

        for item in old.infolist():
            name, content = item.filename, old.read(item)
            if spare(name):
                continue
            code = compiled(content, name, root) if name.endswith(".py") else None
            if code is None or beside:
                write(name, replacements.get(name, content), item.external_attr)
            if code is not None:
                write(cache_from_source(name) if beside else name + "c", code)
    return out.getvalue()
`);
const convert = python.globals.get("convert");

function rewrite(file, root, beside, replacements = {}) {
  const target = path.join(dist, file);
  const result = convert(new Uint8Array(fs.readFileSync(target)), root, beside, replacements);
  const bytes = Buffer.from(result.toJs());
  result.destroy();
  fs.writeFileSync(target, bytes);
  return crypto.createHash("sha256").update(bytes).digest("hex");
}

async function fontList() {
  await python.loadPackage("matplotlib", { messageCallback: () => {} });
  return python.runPython(`
import os, pathlib, shutil
os.environ["MPLBACKEND"] = "agg"
import matplotlib
import matplotlib.font_manager as manager

for name in ("afm", "pdfcorefonts"):
    shutil.rmtree(pathlib.Path(matplotlib.get_data_path()) / "fonts" / name, ignore_errors=True)
manager._load_fontmanager(try_read_cache=False)
(pathlib.Path(manager.__file__).parent / "fontlist.json").read_text()
`);
}

const version = lock.info.python.split(".", 2); // major, minor
const SITE = `/lib/python${version.join(".")}/site-packages/`;
const entries = Object.values(lock.packages);
if (how === "beside") {
  const entry = entries.find((e) => e.name === only);
  entry.sha256 = rewrite(entry.file_name, SITE, true);
} else {
  const fonts = await fontList();
  for (const entry of entries) {
    const extra = entry.name === "matplotlib" ? { "matplotlib/fontlist.json": fonts } : {};
    entry.sha256 = rewrite(entry.file_name, SITE, false, extra);
  }
  rewrite("python_stdlib.zip", `/lib/python${version.join("")}.zip/`, false);
}
fs.writeFileSync(lockPath, JSON.stringify(lock));
