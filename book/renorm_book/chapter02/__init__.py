"""Chapter 2: figures and checks."""
