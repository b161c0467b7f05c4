/* What the kernel's worker loads in the place of pyodide.js: the same Pyodide, but Python looks for modules in the working
   directory last. That directory holds the reader's files, which the worker must ask the page for, 10 ms a question or
   more; in the first place it would be asked about each of the hundred modules that are imported until the first figure. */
self.loadPyodide = async (options) => {
  importScripts(`${options.indexURL}pyodide.js`); // puts its own loadPyodide in the place of this one
  const python = await self.loadPyodide(options);
  python.runPython("import sys; sys.path.remove(''); sys.path.append('')");
  return python;
};
