"""A breakpoint as text: `KIND [PATTERN] [if EXPR] [after N] [log] [once]`, and back.

`format_breakpoint` and `parse_breakpoint` are inverse. A pattern or expression that contains a keyword of
this syntax is quoted, and a quote inside it is doubled: `action "a if b" if "not log"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from recode_core.events import BreakpointSet

_OPTION = re.compile(r"(?:^|\s)(?:(after)\s+([0-9]{1,9})|(log|once))\s*$")
_QUOTED = re.compile(r"""\s*(["'])((?:(?!\1).|\1\1|\1(?!\1|\s|\Z))*)\1(?!\S)""", re.S)
_UNFINISHED = re.compile(r"(?:^|\s)(?:(if)|after(?:\s+(\S+))?)$")
_IF = re.compile(r"\sif\s")


def format_breakpoint(point: BreakpointSet) -> str:
    """The text that describes a breakpoint: kind, pattern, condition and options."""
    options = f" after {point.after}" if point.after else ""
    options += (" log" if point.log else "") + (" once" if point.once else "")
    texts = (
        " ".join(part for part in (point.kind, pattern, condition and f"if {condition}") if part) + options
        for pattern in _written(point.pattern)
        for condition in _written(point.condition, is_expression=True)
    )
    return next(text for text in texts if _sets(text, point))


def parse_breakpoint(text: str) -> BreakpointSet:
    """Parse a breakpoint; its number is 0.

    Raises ValueError for missing or unexpected text. Kind, pattern and condition are not validated here.
    """
    options: dict[str, int] = {}
    kind, *more = re.split(r"[ \t]+", text.strip(), maxsplit=1)
    rest = more[0] if more else ""
    if (quoted := _QUOTED.match(rest)) is not None:
        pattern = _unquote(quoted)
        before, condition = _split(f" {rest[quoted.end() :]}", options)
        if before:
            raise ValueError(f"expected if EXPR, after N, log or once after the pattern, not {before!r}")
    else:
        pattern, condition = _split(f" {rest}", options)
        if (unfinished := _UNFINISHED.search(pattern)) is not None:
            wanted, given = "an expression" if unfinished[1] else "a whole number", unfinished[2] or "nothing"
            word = unfinished[1] or "after"
            raise ValueError(
                f"expected {wanted} after `{word}`, not {given}; quote a pattern that contains this word"
            )
        if pattern.startswith(("'", '"')):
            raise ValueError(f"unterminated quote in {pattern!r}")
    return BreakpointSet(
        0, kind, pattern, condition, options.get("after", 0), "log" in options, "once" in options
    )


def _split(text: str, options: dict[str, int]) -> tuple[str, str]:
    """Split the text before `if` from the expression after it, and remove options from both."""
    found = _IF.search(text)
    if found is None:
        return _without_options(text, options), ""
    after = text[found.end() :]
    quoted = _QUOTED.match(after)
    if quoted is not None and not _without_options(after[quoted.end() :], {}):
        _without_options(after[quoted.end() :], options)
        condition = _unquote(quoted)
    else:
        condition = _without_options(after, options)
    return _without_options(text[: found.start()], options), condition


def _without_options(text: str, options: dict[str, int]) -> str:
    """Remove `after N`, `log` and `once` from the end of a text and add them to `options`."""
    while (found := _OPTION.search(text)) is not None:
        options[found[1] or found[3]] = int(found[2] or 1)
        text = text[: found.start()]
    return text.strip()


def _written(text: str, is_expression: bool = False) -> Iterator[str]:
    """The ways to write a text: unquoted, unless spaces or quotes make it ambiguous, and quoted."""
    if is_expression or re.search(r"[\s'\"]", text) is None:
        yield text
    yield _quote(text)


def _quote(text: str) -> str:
    quote = "'" if '"' in text and "'" not in text else '"'
    return f"{quote}{text.replace(quote, 2 * quote)}{quote}"


def _unquote(quoted: re.Match[str]) -> str:
    return quoted[2].replace(2 * quoted[1], quoted[1])


def _sets(text: str, point: BreakpointSet) -> bool:
    try:
        parsed = parse_breakpoint(text)
    except ValueError:
        return False
    names = ("kind", "pattern", "condition", "after", "log", "once")
    return all(getattr(parsed, name) == getattr(point, name) for name in names)
