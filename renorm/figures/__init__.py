"""Drawing functions of the chapters: plain matplotlib on given axes; what is computed is handed in by the notebook."""
