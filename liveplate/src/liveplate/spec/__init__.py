"""What the author says: controls, words, presets, sizes, the look."""
