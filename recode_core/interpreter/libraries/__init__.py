"""Libraries of the sandbox: each is fed to a session before the code that first needs it.

So a session that needs none starts as fast as ever. `statements` writes their names into what it feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from recode_core.interpreter.libraries.library import BUILTINS, PREFIX
from recode_core.once import once

__all__ = ["BUILTINS", "NAMES", "needed", "source"]

NAMES = frozenset({"values", "lookups", "regex", "heapq", "operator", "statistics", "string", "textwrap"})
"""The libraries."""

_NAME = re.compile(rf"\b{PREFIX}([a-z]+)_")


@once
def source(name: str) -> str:
    """What is fed for a library, made when it is first needed."""
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
    """The libraries that code names and that are not `loaded`, those that others need first."""
    if PREFIX not in code:
        return
    seen = set(loaded)
    for name in _NAME.findall(code):
        if name not in seen and name in NAMES:
            seen.add(name)
            before = [*needed(source(name), seen)]
            seen.update(before)
            yield from (*before, name)
