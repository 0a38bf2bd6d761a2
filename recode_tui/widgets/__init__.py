"""Widgets with nothing of ReCode in them."""
