"""The argument in fifteen minutes: what its figures show."""
