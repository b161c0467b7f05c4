"""The notebooks in the browser: JupyterLite over a Pyodide of our own, all served from the book's own files."""
