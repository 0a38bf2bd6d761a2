"""Patterns of breakpoints and actions: globs and `/regular expressions/`."""

from __future__ import annotations

import re

from recode_core.errors import RecodeError


def check_pattern(pattern: str) -> None:
    """Raise RecodeError for a pattern that `matches` cannot use."""
    if pattern.startswith("/") and pattern.endswith("/"):
        try:
            re.compile(pattern[1:-1])
        except re.error as error:
            raise RecodeError(f"{pattern} is not a regular expression: {error}") from None


def matches(pattern: str, text: str) -> bool:
    """Whether a text matches a glob (`*` and `?`, whole text) or contains a match of a `/regular
    expression/`.
    """
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return re.search(pattern[1:-1], text) is not None
    glob = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(glob, text, re.S) is not None
