"""Decoding errors as plain text for users."""

from __future__ import annotations

import re

_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_BOUNDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}
_NO_UTF_8 = "Invalid UTF-8"  # as msgspec says from 0.23 on
_AT = " - at `$"  # a place follows, such as `$.event.usage.cost_usd`


def in_plain_words(error: Exception) -> str:
    """Describe a decoding error, for a message that already names the file, the line or the profile."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith(_NO_UTF_8):
        return "a text in it is not UTF-8"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    message, _, place = str(error).partition(_AT)
    name = place.rstrip("`").removeprefix(".")
    return (
        _of_field(message, name)
        or _of_whole(message, name)
        or (f"{message} (in `{name}`)" if name else message)
    )


def _of_field(message: str, name: str) -> str:
    """Describe an error about the value of a field; empty for any other error."""
    field = f"`{name}`" if name else "it"
    if found := re.fullmatch(r"Expected `\w+` ([<>]=?) (\S+)", message):
        return f"{field} must be {_BOUNDS[found[1]]} {_number(found[2])}"
    if found := re.fullmatch(r"Expected `str` of length ([<>]=?) (\d+)", message):
        return f"{field} must have {_BOUNDS[found[1]]} {found[2]} character{'' if found[2] == '1' else 's'}"
    if found := re.fullmatch(
        r"Expected `array` of (at least |at most |)length (\d+)(?:, got (\d+))?", message
    ):
        return f"{field} must have {found[1]}{found[2]} elements{f', not {found[3]}' if found[3] else ''}"
    if found := re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", message):
        return f"{field} must be {_kinds(found[1])}, not {_kinds(found[2])}"
    if found := re.fullmatch(r"Invalid (?:enum )?value (.+)", message, re.S):
        return f"{field} can't be {found[1]}"
    return f"{field} is a number out of range" if message == "Number out of range" else ""


def _of_whole(message: str, name: str) -> str:
    """Describe missing or unknown fields, and malformed JSON; empty for any other error."""
    if found := re.fullmatch(r"Object missing required field `(.+)`", message):
        return f"`{name}.{found[1]}` is missing" if name else f"`{found[1]}` is missing"
    if found := re.fullmatch(r"Object contains unknown field `(.+)`", message):
        return f"`{name}.{found[1]}` is unknown" if name else f"`{found[1]}` is unknown"
    if message == "Input data was truncated":
        return "it is cut off"
    return (
        message.replace("JSON is malformed:", "it is not JSON:")
        if message.startswith("JSON is malformed:")
        else ""
    )


def _kinds(names: str) -> str:
    return " or ".join(_KINDS.get(name, name) for name in names.split(" | "))


def _number(digits: str) -> str:
    value = float(digits)
    return f"{int(value):,}" if value.is_integer() else digits
