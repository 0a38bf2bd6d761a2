"""The names, placeholders and actions that an editor of code offers."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from recode_tui.debug.dialogs.validation import FindLines
from recode_tui.debug.view import AskActions


class CodeHelp(msgspec.Struct, frozen=True):
    """Gives the names to complete (`words`) and finds lines with placeholders, both in any thread.

    `ask_actions` shows the environment's actions in a dialog, now or later.
    """

    words: Callable[[], tuple[str, ...]]
    placeholders: FindLines
    ask_actions: AskActions
