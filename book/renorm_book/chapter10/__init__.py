"""Chapter 10: figures and checks."""
