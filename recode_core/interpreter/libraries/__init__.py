"""Libraries of the sandbox: each is fed to a session before the code that first needs it.

So a session that needs none starts as fast as ever. `statements` writes their names into what it feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from recode_core.interpreter.libraries import averages, heaps, lookups, operators, regexes, texts, values
from recode_core.interpreter.libraries.library import PREFIX, given_builtins

SOURCES: dict[str, str] = {
    "values": values.SOURCE,
    "heapq": heaps.SOURCE,
    "lookups": lookups.SOURCE,
    "regex": regexes.SOURCE,
    "operator": operators.SOURCE,
    "statistics": averages.SOURCE,
    "string": texts.STRING,
    "textwrap": texts.TEXTWRAP,
}
"""What is fed for each library."""

BUILTINS = sorted({name for source in SOURCES.values() for name in given_builtins(source)})
"""Python's builtins that libraries use; the prelude keeps them for when code has rebound their names."""

_NAME = re.compile(rf"\b{PREFIX}([a-z]+)_")


def needed(code: str, loaded: Set[str]) -> Iterator[str]:
    """The libraries that code names and that are not `loaded`, those that others need first."""
    if PREFIX not in code:
        return
    seen = set(loaded)
    for name in _NAME.findall(code):
        if name not in seen and name in SOURCES:
            seen.add(name)
            before = [*needed(SOURCES[name], seen)]
            seen.update(before)
            yield from (*before, name)
