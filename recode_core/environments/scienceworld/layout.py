"""Lays out the simulator's observations: the place, its things, indented below what holds them, its doors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recode_core.environments.layout import Page, Piece, Row, named, row

_UNKNOWN = "No known action matches that input."
_QUESTION = "Ambiguous request"
_CHOICE = re.compile(r"([0-9]+:)\s+(.+)")
_THING = re.compile(r"((?i:an? |the )?(?:substance called )?)([^(.,)]+?)((?: ?[(.,)].*)?)")
_INSIDE = re.compile(r"(.*?[.,] )?((?:On|In) the .+? is: )(.+)", re.DOTALL)
_CONTAINING = "(containing "


def laid_out(observation: str) -> Page:
    """The layout of an observation. The rows of a question are its numbered choices."""
    kind = "a question: the next action is a number" if observation.startswith(_QUESTION) else ""
    rows: list[Row] = []
    for line in observation.split("\n"):
        rows += _line(line)
    return Page(tuple(rows), kind)


def had_no_effect(observation: str) -> bool:
    """Whether an action was not understood."""
    return observation.strip() == _UNKNOWN


def _line(line: str) -> Iterator[Row]:
    text, indent = line.strip(), len(line) - len(line.lstrip("\t"))
    if choice := _CHOICE.fullmatch(text):
        yield Row((Piece(choice[1], "button"), Piece(f" {choice[2]}")), 1)
    elif text == _UNKNOWN:
        yield row(text, "refused")
    elif not text:
        yield Row()
    elif indent:
        yield from _thing(text, indent)
    else:
        yield row(text, "heading" if text.endswith(":") or text.startswith(_QUESTION) else "plain")


def _thing(text: str, indent: int) -> Iterator[Row]:
    """A row for a thing, and rows below it for the things on or in it, if there are several."""
    inside = _INSIDE.fullmatch(text)
    if inside and inside[3].rstrip(".") != "nothing":
        yield _named(f"{inside[1] or ''}{inside[2]}".strip(), indent)
        for part in _parts(inside[3]):
            yield from _thing(part, indent + 1)
        return
    before, holds, content = text.partition(_CONTAINING)
    parts = _parts(content)
    if not holds or len(parts) == 1:
        yield _named(text, indent)
        return
    yield _named(f"{before}{holds}".strip(), indent)
    for part in parts:
        yield from _thing(part, indent + 1)


def _named(text: str, indent: int) -> Row:
    match = _THING.fullmatch(text)
    if match is None:
        return row(text, indent=indent)
    return named(match[1], match[2], match[3], indent)


def _parts(text: str) -> list[str]:
    """Split a list at commas outside of brackets, unless what follows describes the same thing."""
    parts, depth, start = list[str](), 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth <= 0 and not text.startswith((", which ", ", currently "), at):
            parts.append(text[start : at + 1])
            start = at + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]
