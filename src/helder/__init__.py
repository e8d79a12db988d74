"""Helder: a health library and private health assistant that runs on a person's own machine."""

__version__ = "0.1.0"
