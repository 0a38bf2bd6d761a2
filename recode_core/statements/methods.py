"""The methods of Python's built-in types, by the name of the type as the sandbox shows it."""

from __future__ import annotations

import collections
import datetime
import decimal
import re
from types import BuiltinFunctionType, FunctionType, GeneratorType

_DATES: tuple[type, ...] = (
    datetime.date,
    datetime.datetime,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
)
_COLLECTIONS: tuple[type, ...] = (collections.deque, collections.Counter, collections.defaultdict)
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()), type(iter([])))
_PLAIN: tuple[type, ...] = (
    *(str, list, dict, set, frozenset, tuple, int, float, bool, bytes, complex, range, slice, type(None)),
    *(GeneratorType, FunctionType, BuiltinFunctionType, map, filter, zip, enumerate, reversed, BaseException),
)
_KINDS = {kind.__name__: kind for kind in (*_PLAIN, *_DATES, *_COLLECTIONS, *_VIEWS)}
_RE_KINDS: dict[str, type] = {"Match": re.Match, "Pattern": re.Pattern}


def _methods(kind: type) -> frozenset[str]:
    return frozenset(name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name)))


ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(dir(kind)) for name, kind in {**_KINDS, **_RE_KINDS}.items()
}
"""All attributes of each type, including those with underscores."""

METHODS: dict[str, frozenset[str]] = {name: _methods(kind) for name, kind in {**_KINDS, **_RE_KINDS}.items()}
"""The public methods of each type."""

NAMES = frozenset(name for names in METHODS.values() for name in names)
"""The names of all public methods of built-in types."""

TYPES = frozenset({"str", "list", "dict", "set", "frozenset", "tuple", "int", "float", "bool", "bytes"})
"""Types whose methods can be called on the name of the type: `str.lower(x)`."""
