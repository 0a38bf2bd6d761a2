"""The client's breakpoints, which are breakpoints of the session.

A client sends all its breakpoints of a group whenever one of them changes: those of a source, of functions,
of variables, or the exception filters. Those that it no longer sends are deleted. The session's others stay,
but one that equals a breakpoint of the client is taken for the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from recode_core.dap import messages
from recode_core.debugger.debugger import Debugger
from recode_core.errors import RecodeError
from recode_core.events import BreakpointSet

_HIT_CONDITION = re.compile(r"\s*(>=|>)?\s*([0-9]{1,9})\s*")


class WantedBreakpoint(msgspec.Struct, frozen=True):
    """A breakpoint as the client describes it; `refusal` is the reason why it cannot be set, if any."""

    kind: str
    pattern: str
    condition: str = ""
    hit_condition: str = ""
    message: str = ""
    refusal: str = ""


class ClientBreakpoints:
    """The breakpoints of one client. `messages` are the texts of its log points, by breakpoint."""

    def __init__(self) -> None:
        self.messages: dict[int, str] = {}
        self.passes_failures = False
        self._groups: dict[str, frozenset[int]] = {}

    def replace(
        self, debugger: Debugger, group: str, wanted: Iterable[WantedBreakpoint]
    ) -> list[messages.Breakpoint]:
        """Replace the client's breakpoints of a group. Returns one for each that is wanted."""
        before = self._groups.get(group, frozenset())
        answers: list[messages.Breakpoint] = []
        numbers: set[int] = set()
        for point in wanted:
            try:
                number = self._add(debugger, point, numbers)
            except RecodeError as error:
                answers.append(messages.Breakpoint(False, message=str(error)))
                continue
            numbers.add(number)
            answers.append(messages.Breakpoint(True, number))
        for number in before - numbers:
            if number in debugger.annotations.breakpoints:
                debugger.delete(number)
            self.messages.pop(number, None)
        self._groups[group] = frozenset(numbers)
        return answers

    def _add(self, debugger: Debugger, wanted: WantedBreakpoint, taken: set[int]) -> int:
        """Set a breakpoint, unless the session has an equal one. Returns its number."""
        if wanted.refusal:
            raise RecodeError(wanted.refusal)
        after, is_log = hits_to_ignore(wanted.hit_condition), bool(wanted.message)
        asked = (wanted.kind, wanted.pattern, wanted.condition, after, is_log)
        for number, point in debugger.annotations.breakpoints.items():
            if number not in taken and _is(point, asked):
                break
        else:
            number = debugger.add_breakpoint(*asked).id
        self.messages[number] = wanted.message
        return number


def hits_to_ignore(condition: str) -> int:
    """The number of hits that a hit condition ignores. Raises RecodeError for one that is not supported."""
    if not condition.strip():
        return 0
    found = _HIT_CONDITION.fullmatch(condition)
    if found is None:
        raise RecodeError(
            f"unsupported hit condition {condition!r}: a breakpoint can ignore its first hits "
            "(available: N or >= N, > N)"
        )
    return int(found[2]) if found[1] == ">" else max(0, int(found[2]) - 1)


def reason_of(points: Sequence[BreakpointSet]) -> str:
    """The protocol's reason for a stop at these breakpoints."""
    reasons = {"line": "breakpoint", "placeholder": "function breakpoint", "variable": "data breakpoint"}
    return next((reasons[point.kind] for point in points if point.kind in reasons), "breakpoint")


def _is(point: BreakpointSet, asked: tuple[str, str, str, int, bool]) -> bool:
    return (
        point.enabled
        and not point.once
        and (point.kind, point.pattern, point.condition, point.after, point.log) == asked
    )
