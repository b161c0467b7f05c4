"""Chapter 6: figures and checks."""
