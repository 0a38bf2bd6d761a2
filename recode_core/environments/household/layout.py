"""Lays out a household's observations: the place, and below it the things there, one per line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recode_core.environments.household.texts import NOTHING_HAPPENS
from recode_core.environments.layout import Page, Row, named, row

_BANNER = "-= Welcome to TextWorld, ALFRED! =-"
_BEGINNING = [row(_BANNER, "quiet"), Row()]
_SENTENCE = re.compile(r"(?<=\.) ")
_COMMA = re.compile(r"(?<=,) ")
_LISTING = re.compile(r"(.*\b(?:you see|You are carrying:)) (an? .+)")
_THING = re.compile(r"((?:and )?an? )(.+?)([,.]*)")


def laid_out(observation: str) -> Page:
    """The layout of an observation. The first sentence, the result of the action, is the heading."""
    rows: list[Row] = []
    for line in observation.split("\n"):
        if not line.strip() or line.startswith(" "):
            rows.append(row(line) if line.strip() else Row())
            continue
        for sentence in _SENTENCE.split(line):
            rows += _sentence(sentence, is_first=rows in ([], _BEGINNING))
    return Page(tuple(rows))


def had_no_effect(observation: str) -> bool:
    """Whether an action was not understood or not possible."""
    return observation.strip() == NOTHING_HAPPENS


def _sentence(text: str, is_first: bool) -> Iterator[Row]:
    if text == NOTHING_HAPPENS:
        yield row(text, "refused")
    elif text == _BANNER:
        yield row(text, "quiet")
    elif listing := _LISTING.fullmatch(text):
        yield row(listing[1], "heading" if is_first else "plain")
        yield from map(_thing, _COMMA.split(listing[2]))
    elif is_first or text.startswith("Your task is to:"):
        yield row(text, "heading")
    else:
        yield row(text)


def _thing(text: str) -> Row:
    """A row for one thing in a listing; its name is a piece of its own, as actions use it."""
    match = _THING.fullmatch(text)
    if match is None:
        return row(text, indent=1)
    return named(match[1], match[2], match[3], indent=1)
