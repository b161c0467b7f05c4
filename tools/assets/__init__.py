"""What is fetched or made once: KaTeX, fonts, images, kept trainings."""
