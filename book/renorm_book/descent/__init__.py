"""Errors over size and data, and the spectrum beside them: the figure that opens the book and comes back in it."""
