"""Libraries of the sandbox. Each is fed to a session before the first code that needs it.

A session that needs none starts without delay. The source rewrites of `statements` write the names of
libraries into code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from recode_core.interpreter.libraries.library import BUILTINS, PREFIX
from recode_core.once import once

__all__ = ["BUILTINS", "NAMES", "needed", "source"]

NAMES = frozenset({"values", "lookups", "regex", "heapq", "operator", "statistics", "string", "textwrap"})
"""The names of the libraries."""

_NAME = re.compile(rf"\b{PREFIX}([a-z]+)_")


@once
def source(name: str) -> str:
    """The source of a library, built on first use."""
    from recode_core.interpreter.libraries import averages, heaps, lookups, operators, regexes, texts, values

    return {
        "values": values.SOURCE,
        "lookups": lookups.SOURCE,
        "regex": regexes.SOURCE,
        "heapq": heaps.SOURCE,
        "operator": operators.SOURCE,
        "statistics": averages.SOURCE,
        "string": texts.STRING,
        "textwrap": texts.TEXTWRAP,
    }[name]


def needed(code: str, loaded: Set[str]) -> Iterator[str]:
    """The libraries in a piece of code that are not `loaded`, each after those that it needs itself."""
    if PREFIX not in code:
        return
    seen = set(loaded)
    for name in _NAME.findall(code):
        if name not in seen and name in NAMES:
            seen.add(name)
            before = [*needed(source(name), seen)]
            seen.update(before)
            yield from (*before, name)
