"""Convert values from other packages to plain values that can be recorded.

Such values may be numpy scalars for numbers, or bytes for text. Unambiguous values are converted; others
are rejected with the name of the field.
"""

from __future__ import annotations

from typing import SupportsFloat

from recode_core.values import LARGEST, MOST, clean


class BadValue(ValueError):
    """A value from foreign code has the wrong type or is out of range."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(f"{name} is {shown(value)} ({type(value).__name__}), and must be {wanted}")


def shown(value: object, most: int = 80) -> str:
    """A foreign value for a message, on one line, shortened."""
    try:
        text = " ".join(clean(repr(value)).split())
    except Exception:  # `__repr__` is foreign code too
        text = "a value that cannot be shown"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def as_text(value: object, name: str) -> str:
    """Convert a str, or UTF-8 bytes, to a str that can be encoded. Raises BadValue."""
    if isinstance(value, str):
        return clean(value if type(value) is str else str.__str__(value))
    if isinstance(value, bytes | bytearray):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise BadValue(name, value, "a str, or bytes that are UTF-8") from None
    raise BadValue(name, value, "a str")


def as_number(value: object, name: str, least: float = -LARGEST) -> float:
    """Convert any number of Python or numpy to a float that can be recorded. Raises BadValue."""
    number = _float(value)
    if number is None or not least <= number <= LARGEST:  # false for nan
        raise BadValue(name, value, f"a number from {least:g} to {LARGEST:g}")
    return number


def as_flag(value: object, name: str) -> bool:
    """Convert a bool, 0 or 1 to a bool. Raises BadValue."""
    if _float(value) not in (0, 1):
        raise BadValue(name, value, "True or False")
    return bool(value)


def as_count(value: object, name: str) -> int:
    """A whole number from 0. Raises BadValue."""
    number = _float(value)
    if number is None or not 0 <= number <= MOST or not number.is_integer():
        raise BadValue(name, value, "a whole number from 0")
    return int(number)


def _float(value: object) -> float | None:
    """Convert a number of any type to a float; None if it is not a number. Text is never a number."""
    try:
        return float(value) if isinstance(value, SupportsFloat) else None
    except (TypeError, ValueError, OverflowError):  # an array of several, or too large
        return None
