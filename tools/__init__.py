"""The scripts behind the make targets, run as modules: ``python -m tools.build.book``."""
