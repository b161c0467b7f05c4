"""Chapter 11: figures, checks, experiments."""
