"""What code of other packages gives, as plain values that can be recorded.

They give numpy scalars for numbers and bytes for text. A value whose meaning is clear is taken; any other is
refused by the name of its field.
"""

from __future__ import annotations

from typing import SupportsFloat

from recode_core.values import LARGEST, MOST, clean


class BadValue(ValueError):
    """A value that foreign code gave and that can't stand for what it is to be."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(f"{name} is {shown(value)} ({type(value).__name__}), and must be {wanted}")


def shown(value: object, most: int = 80) -> str:
    """A foreign value as a message quotes it: on one line, shortened."""
    try:
        text = " ".join(clean(repr(value)).split())
    except Exception:  # it is anybody's class
        text = "a value that cannot be shown"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def as_text(value: object, name: str) -> str:
    """A str that can be encoded, of a str or of bytes that hold UTF-8. Raises BadValue."""
    if isinstance(value, str):
        return clean(value if type(value) is str else str.__str__(value))
    if isinstance(value, bytes | bytearray):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise BadValue(name, value, "a str, or bytes that are UTF-8") from None
    raise BadValue(name, value, "a str")


def as_number(value: object, name: str, least: float = -LARGEST) -> float:
    """A float that can be recorded, of any number that Python or numpy has. Raises BadValue."""
    number = _float(value)
    if number is None or not least <= number <= LARGEST:  # which nan is not, either
        raise BadValue(name, value, f"a number from {least:g} to {LARGEST:g}")
    return number


def as_flag(value: object, name: str) -> bool:
    """A bool, of a bool, 0 or 1. Raises BadValue."""
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
    """A number of any type as a float; None where it is no number. A text is none, whatever it says."""
    try:
        return float(value) if isinstance(value, SupportsFloat) else None
    except (TypeError, ValueError, OverflowError):  # an array of several, or too large
        return None
