"""These pages, made by the extension that they describe: sphinx-build docs docs/_build"""

project = "liveplate"
extensions = ["myst_nb", "liveplate.sphinx"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_ipywidgets_js = {}  # live figures need no widget manager
