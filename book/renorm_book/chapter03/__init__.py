"""Chapter 3: figures and checks."""
