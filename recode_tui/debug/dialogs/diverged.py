"""The choice of what to do with a world whose replay diverged from the recording."""

from __future__ import annotations

from typing import Literal

from recode_core.errors import Diverged
from recode_tui.debug.dialogs.confirm import QuestionOption, QuestionScreen
from recode_tui.text import one_line

_SHOWN = 600  # maximum characters shown of an answer

Choice = Literal["keep", "again", "accept"]


class DivergedScreen(QuestionScreen[Choice]):
    """Return the user's choice. Nothing is changed before it."""

    def __init__(self, differs: Diverged) -> None:
        options: tuple[QuestionOption[Choice], ...] = (
            QuestionOption("k", "Keep everything as it is", "keep"),
            QuestionOption("a", "Accept the new world, on a branch from there", "accept"),
            QuestionOption("t", "Try again with another world", "again"),
        )
        super().__init__(
            f"The world diverged from its recording at record {differs.at}.",
            options,
            f"recorded: {one_line(differs.recorded, _SHOWN)}\n\nnow:      {one_line(differs.actual, _SHOWN)}",
        )
