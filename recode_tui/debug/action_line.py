"""The `action` command while it is typed, and the actions that are suggested for it."""

from __future__ import annotations

from typing import Literal

import msgspec

_COMMAND = "action "


class Suggestions(msgspec.Struct, frozen=True):
    """Actions, or the reason why there are none: what is waited for, or what failed.

    `elsewhere` means that the world would have to be restored to list them, which was not requested. They
    are possible at the cursor, or where `node` begins, if there is one.
    """

    state: Literal["waiting", "here", "failed", "elsewhere"]
    actions: tuple[str, ...] = ()
    reason: str = ""
    node: str = ""


def typed_action(line: str) -> str | None:
    """The action that is typed so far; None in another command, and empty once its quotes are closed."""
    if not line.startswith(_COMMAND):
        return None
    text = line[len(_COMMAND) :].strip()
    if text[:1] not in ("'", '"') or not text:
        return text
    return "" if len(text) > 1 and text[-1] == text[0] else text[1:]


def action_line(action: str) -> str:
    """The command line that takes an action."""
    return f'{_COMMAND}"{action}"'


def matching(actions: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The actions that contain all words of a text: the text itself, those that begin with it, the others."""
    wanted = text.casefold()

    def rank(action: str) -> int:
        folded = action.casefold()
        return 0 if folded == wanted else 1 if folded.startswith(wanted) else 2

    found = [action for action in actions if all(word in action.casefold() for word in wanted.split())]
    return tuple(sorted(found, key=rank))
