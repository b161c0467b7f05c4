// node run_notebook.mjs DIST NOTEBOOK...   executes notebooks in Pyodide as the browser's kernel does: what a cell imports is
// loaded before it runs, nothing is installed, the network is not there. Prints one line of JSON for each notebook:
// its name, seconds from the first cell to the last (and those of the processor, which other programs do not lengthen),
// its slowest cells, how many live figures were shown, and the error, if any.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...notebooks] = process.argv.slice(2);
const dist = path.resolve(folder);
const { loadPyodide } = await import(pathToFileURL(path.join(dist, "pyodide.mjs")));
globalThis.fetch = () => Promise.reject(new Error("a notebook asks for the network"));
const quiet = { messageCallback: () => {} };

async function freshKernel() {
  const python = await loadPyodide({ indexURL: dist + path.sep, stdout: () => {}, stderr: () => {} });
  await python.loadPackage(["ipython", "comm", "traitlets"], quiet);
  python.runPython(`
import os, sys, traceback, types
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.kernel = types.SimpleNamespace()  # explore shows its widgets where there is a kernel
seen = {"widgets": 0}


class Published(type(shell.display_pub)):
    def publish(self, data, *args, **kwargs):
        seen["widgets"] += "application/vnd.jupyter.widget-view+json" in data


shell.display_pub = Published(parent=shell)


def run_cell(source):
    """None, or the error in words."""
    result = shell.run_cell(source, silent=False, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    return error and "".join(traceback.format_exception_only(error)).strip()
`);
  return python;
}

async function execute(file) {
  const cells = JSON.parse(fs.readFileSync(file, "utf8")).cells.filter((cell) => cell.cell_type === "code");
  const python = await freshKernel();
  const runCell = python.globals.get("run_cell");
  const seen = () => Object.fromEntries(python.globals.get("seen").toJs());
  const report = { notebook: path.basename(file), cells: [] };
  const started = [performance.now(), process.cpuUsage()];
  for (const cell of cells) {
    const source = [].concat(cell.source).join("");
    const before = process.cpuUsage();
    await python.loadPackagesFromImports(source, quiet);
    const error = runCell(source);
    report.cells.push({ processor: processor(before), source: source.slice(0, 120), widgets: seen().widgets });
    if (error) {
      Object.assign(report, { error, source });
      break;
    }
  }
  report.seconds = round((performance.now() - started[0]) / 1000);
  return Object.assign(report, { processor: processor(started[1]) }, seen());
}

const processor = (since) => {
  const used = process.cpuUsage(since);
  return round((used.user + used.system) / 1e6);
};
const round = (value) => Math.round(value * 100) / 100;
for (const file of notebooks) console.log(JSON.stringify(await execute(file)));
