"""A tour: steps that wait until the user has done them with keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from recode_core.events import Outcome

Above = Literal["", "compare", "other"]
"""The dialog above the debugger's screen: none, the comparison of two branches, or another one."""


class TourSituation(msgspec.Struct, frozen=True):
    """The state of the debugger, as far as a tour needs it.

    `stop` is the kind of stop at the cursor, `node` its node, `branch` its branch. `outcome` is that of the
    run, None unless the cursor is at its end. `culprit` is the node that `blame` found. `panel` has the
    focus, and `tab` is open in the code panel. `commands` are the lines that were run so far.
    """

    stop: str
    node: str
    branch: str = "main"
    outcome: Outcome | None = None
    culprit: str = ""
    panel: str = "plan"
    tab: str = "code"
    above: Above = ""
    commands: frozenset[str] = frozenset()


def _anywhere(situation: TourSituation) -> bool:
    return True


class TourStep(msgspec.Struct, frozen=True):
    """A step: the `keys` to press, the `text` that says what they do, and when it is done.

    The keys work where `is_possible`; elsewhere the tour says with `back` how to get there.
    """

    keys: str
    text: str
    is_done: Callable[[TourSituation], bool]
    is_possible: Callable[[TourSituation], bool] = _anywhere
    back: str = ""


class Tour:
    """The steps of a tour, and the one that is next. The last step is never done: it is the end."""

    def __init__(self, steps: Sequence[TourStep]) -> None:
        self.steps = steps
        self.at = 0
        self.has_strayed = False

    @property
    def step(self) -> TourStep:
        """The next step."""
        return self.steps[self.at]

    @property
    def is_over(self) -> bool:
        """Whether the last step is reached."""
        return self.at == len(self.steps) - 1

    @property
    def count(self) -> str:
        """The number of the next step, of all, such as 3/10."""
        return f"{self.at + 1}/{len(self.steps)}"

    @property
    def keys(self) -> str:
        """The keys to press now; none while the user has to go back first."""
        return "" if self.has_strayed else self.step.keys

    @property
    def text(self) -> str:
        """The text of the next step, or how to get back to where it can be done."""
        return self.step.back if self.has_strayed else self.step.text

    def see(self, situation: TourSituation) -> None:
        """Go on past the steps that are done."""
        while not self.is_over and self.step.is_done(situation):
            self.at += 1
        self.has_strayed = not self.step.is_possible(situation)
