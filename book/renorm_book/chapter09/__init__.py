"""Chapter 9: figures and checks."""
