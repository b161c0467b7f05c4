"""Chapter 4: figures and checks."""
