"""Key events, posted without the pauses that Textual's pilot makes after each."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.pilot import Pilot

NAMES = {
    " ": "space", ":": "colon", "/": "slash", ".": "full_stop", "-": "minus", "_": "underscore",
    "=": "equals_sign", "'": "apostrophe", '"': "quotation_mark", "(": "left_parenthesis",
    ")": "right_parenthesis", "[": "left_square_bracket", "]": "right_square_bracket", "*": "asterisk",
    "!": "exclamation_mark", "&": "ampersand", "?": "question_mark",
    "<": "less_than_sign", ">": "greater_than_sign", ",": "comma", "+": "plus", "#": "number_sign",
}  # fmt: skip
_CHARACTERS = {name: character for character, name in NAMES.items()} | {"enter": "\r", "tab": "\t"}


def key_event(key: str) -> events.Key:
    """The event of a key that is named as in a binding, or is a character."""
    key = NAMES.get(key, key)
    return events.Key(key, _CHARACTERS.get(key, key if len(key) == 1 else None))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other, each when what came of the one before is done.

    As the pilot does it, but for its pauses of 40 ms after each, whatever there is to wait for.
    """
    for key in keys:
        pilot.app.post_message(key_event(key))
        await taken(pilot)


async def taken(pilot: Pilot[Any]) -> None:
    """Wait until every message has been taken, and those that came of it."""
    for _ in range(4):
        await pilot.pause(0)
