"""Image files read by ``renorm.images``; sources and licences: LICENSE-DATA; made by ``tools/make_images.py``."""
