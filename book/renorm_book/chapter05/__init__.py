"""Chapter 5: figures and checks."""
