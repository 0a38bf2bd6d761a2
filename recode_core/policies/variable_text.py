"""Formats variables for a prompt: with the types of elements, and text of several lines as lines.

Only the recorded `repr` is used, so the same record always gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterable

from recode_core import syntax
from recode_core.values import Variable

_CONTAINERS = ("list", "tuple", "set", "dict")
_MOST_TYPES = 3
_DEPTH = 2  # levels of nested containers whose element types are shown


def shown(variable: Variable) -> list[str]:
    """The lines that show a variable: one, or for text of several lines a heading and the indented lines."""
    value = _value(variable)
    if isinstance(value, str) and "\n" in value.strip("\n"):
        lines = value.split("\n")
        more = f", shortened from {variable.length} characters" if variable.length is not None else ""
        heading = f"{variable.name}: {variable.type}, {len(lines)} lines{more}:"
        return [single_line(heading), *(f"    {single_line(line)}" for line in lines)]
    kind = _type_of(value) if variable.type in _CONTAINERS and value is not None else variable.type
    return [one_line(variable, kind)]


def one_line(variable: Variable, kind: str = "") -> str:
    """A variable with type and `repr` on one line, as the first two editions show all variables."""
    shortened = "" if variable.length is None else f"  # shortened from {variable.length} characters"
    return single_line(f"{variable.name}: {kind or variable.type} = {variable.value}{shortened}")


def single_line(text: str) -> str:
    """Escape all characters that are not printable."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _value(variable: Variable) -> object:
    """The value of a recorded `repr`, or the complete elements of a shortened one; None if not a literal."""
    if variable.type not in ("str", *_CONTAINERS):
        return None
    text = variable.value
    if variable.length is not None and variable.type in _CONTAINERS:
        text = f"{text.rpartition(', ')[0]}{_CLOSING.get(text[:1], '')}"
    try:
        value = syntax.literal(text)
    except ValueError:
        return None
    return value if type(value).__name__ == variable.type else None


_CLOSING = {"[": "]", "(": ",)", "{": "}"}


def _type_of(value: object, depth: int = _DEPTH) -> str:
    name = "None" if value is None else type(value).__name__
    if not depth:
        return name
    match value:
        case dict() if value:
            keys, values = _types(value, depth), _types(value.values(), depth)
            return f"dict[{keys}, {values}]" if keys and values else name
        case list() | set() if value:
            return f"{name}[{types}]" if (types := _types(value, depth)) else name
        case tuple() if 0 < len(value) <= _MOST_TYPES:
            return f"tuple[{', '.join(_type_of(each, depth - 1) for each in value)}]"
        case tuple() if value:
            return f"tuple[{types}, ...]" if (types := _types(value, depth)) else name
    return name


def _types(values: Iterable[object], depth: int) -> str:
    """The types of elements, joined; empty if there are more than `_MOST_TYPES`."""
    found = dict.fromkeys(_type_of(value, depth - 1) for value in values)
    return " | ".join(found) if len(found) <= _MOST_TYPES else ""
