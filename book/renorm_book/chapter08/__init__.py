"""Chapter 8: figures and checks."""
