"""Images and their features. The files are read by ``images`` and made by ``tools/assets/images.py``.

Their sources and licences: LICENSE-DATA.
"""
