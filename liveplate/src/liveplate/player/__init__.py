"""What the page runs: script, style sheet, letters."""
