/* What the kernel's worker loads in the place of pyodide.js. It is the same Pyodide, but for three things that READY does
   when the kernel has started, mostly while the page still draws the notebook:

   - What every chapter imports is imported.
   - Python looks for modules in the working directory last, and until then not at all. That directory holds the reader's
     files, and the worker must ask the page for them: 10 ms a question, and more while the page draws. Before the packages
     it would be asked about a hundred modules until the first figure.
   - Names are completed by looking at the objects themselves, without jedi, which is not there. */
const READY = `
import sys

packages = [*filter(None, sys.path)]
sys.path[:] = packages
import matplotlib.pyplot, numpy.random, liveplate.kernel.widgets, renorm_book.style, tqdm
from pyodide_kernel import kernel_instance

sys.path[:] = [*packages, ""]
kernel_instance.interpreter.Completer.use_jedi = False
`;

self.loadPyodide = async (options) => {
  importScripts(`${options.indexURL}pyodide.js`); // puts its own loadPyodide in the place of this one
  const python = await self.loadPyodide(options);
  python.runPython("import sys; sys.path.remove('')");
  const { runPythonAsync } = python;
  python.runPythonAsync = async (code, ...rest) => {
    const result = await runPythonAsync.call(python, code, ...rest);
    if (code.includes("import pyodide_kernel")) {
      python.runPythonAsync = runPythonAsync;
      python.runPython(READY, { globals: python.toPy({}) });
    }
    return result;
  };
  return python;
};
