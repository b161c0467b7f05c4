"""The chapters' own code: their figures, the checks of their exercises, and what those share."""
