"""High-dimensional ridge regression and its renormalization, with the experiments that test the theory."""

__version__ = "1.0.0"
