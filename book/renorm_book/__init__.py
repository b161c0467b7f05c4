"""Instant checks of the exercises, one module per chapter: ``from renorm.checks import chapter01 as check``."""
