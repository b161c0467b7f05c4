"""Chapter 1: figures and checks."""
