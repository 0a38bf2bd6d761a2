"""A line of records, indexed so that looking at any moment of it costs next to nothing."""

from recode_core.debugger.chronicle.chronicle import Chronicle

__all__ = ["Chronicle"]
