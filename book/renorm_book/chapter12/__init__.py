"""The twelfth chapter's own code."""
