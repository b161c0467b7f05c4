"""Chapter 13: figures, checks, experiments."""
