"""The pages take the notebooks' outputs from the cache that tools/execute_notebooks.py has filled."""

import os


def choose(app, config):
    folder = os.environ.get("RENORM_NOTEBOOK_CACHE")
    if folder:
        config.nb_execution_cache_path = folder


def setup(app):
    app.connect("config-inited", choose)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
