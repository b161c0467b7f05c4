"""The welcome page: its figure."""
