"""Chapter 7: figures and checks."""
