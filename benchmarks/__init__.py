"""How fast the library is, each question in a module of its own, everything compared side by side in one run."""
