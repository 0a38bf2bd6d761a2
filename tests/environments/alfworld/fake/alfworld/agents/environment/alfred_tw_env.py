"""Stands for ALFWorld's module of that name."""


class AlfredDemangler:
    """Would make names readable."""
