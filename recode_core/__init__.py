"""Headless engine of the ReCode debugger: run, record, resume."""

__version__ = "0.1.0"
