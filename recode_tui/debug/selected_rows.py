"""The row under the cursor of a panel, as its controller sees it, and the breakpoint that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from recode_core.timeline.variables import Binding
from recode_core.values import SHOWN_LIMIT

_LONGEST = 200  # characters of an observation in a pattern


class ActionRow(msgspec.Struct, frozen=True):
    """An action with its observation, None until there is one. The first observation has no action.

    `reached` is the record at which the run stopped before the action; None where it waits for it now.
    """

    action: str
    observation: str | None = None
    reached: int | None = None

    @property
    def title(self) -> str:
        """The name of the observation, for messages."""
        return f"the observation of {self.action}" if self.action else "the first observation"


class VariableRow(msgspec.Struct, frozen=True):
    """A variable with the value that record `n` gave to it."""

    name: str
    value: str
    length: int | None
    n: int

    @classmethod
    def of(cls, bound: Binding) -> VariableRow | None:
        """The row of a variable; None if it was deleted."""
        one = bound.variable
        return cls(one.name, one.value, one.length, bound.n) if one is not None else None


class WatchRow(msgspec.Struct, frozen=True):
    """A watched expression, and the line that shows its value."""

    expression: str
    text: str


class BranchRow(msgspec.Struct, frozen=True):
    """A branch in the timeline."""

    name: str


class ConsoleRow(msgspec.Struct, frozen=True):
    """A line of the console."""

    text: str


SelectedRow = ActionRow | VariableRow | WatchRow | BranchRow | ConsoleRow
RowBreakpoint = tuple[str, str]
"""The kind and the pattern of a breakpoint."""


def breakpoint_of(row: SelectedRow | None) -> RowBreakpoint | None:
    """The breakpoint of a row: on its action, else its observation, or its variable. None if it has none."""
    match row:
        case ActionRow(action=""):
            return observation_breakpoint(row)
        case ActionRow(action=action):
            return "action", _literal(action)
        case VariableRow(name=name):
            return "variable", name
    return None


def observation_breakpoint(row: SelectedRow | None) -> RowBreakpoint | None:
    """The breakpoint on the observation of a row; of a long one the beginning is matched."""
    if not isinstance(row, ActionRow) or not row.observation:
        return None
    text = row.observation
    beginning = text.partition("\n")[0][:_LONGEST]
    if beginning == text:
        return "observation", _literal(text)
    if _literal(beginning) == beginning:
        return "observation", f"{beginning}*"
    return "observation", rf"/\A{re.escape(beginning)}/"


def variable_with(text: str, bindings: Iterable[Binding]) -> str:
    """The text variable that was set last; empty if there is none."""
    shown = repr(text[:SHOWN_LIMIT])
    found = [
        (bound.n, row.name)
        for bound in bindings
        if (row := VariableRow.of(bound)) is not None
        and row.value == shown
        and row.length in (None, len(text))
    ]
    return max(found)[1] if found else ""


def _literal(text: str) -> str:
    """The pattern that matches a text only: the text itself, or a regular expression if it has wildcards."""
    is_glob = text == text.strip() and not text.startswith("/") and not set("*?") & set(text)
    return text if text and is_glob else rf"/\A{re.escape(text)}\Z/"
