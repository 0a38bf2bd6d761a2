"""The breakpoint that belongs to a row of a panel."""

from __future__ import annotations

import pytest

from recode_core.debugger.breakpoints import check
from recode_core.debugger.commands import AddBreakpoint, parse
from recode_core.debugger.patterns import matches
from recode_tui.debug.selected_rows import (
    ActionRow,
    BranchRow,
    VariableRow,
    WatchRow,
    breakpoint_of,
    observation_breakpoint,
)


@pytest.mark.parametrize(
    "action",
    [
        "go to desk 1",
        "look?",
        "say *",
        "/etc/",
        "/",
        "click[Buy Now]",
        " a ",
        "a if b",
        "say 'hi'",
        "a\nb",
        "[*]\\",
    ],
)
def test_the_pattern_of_an_action_matches_that_action_alone(action: str) -> None:
    found = breakpoint_of(ActionRow(action, "seen"))
    assert found is not None
    kind, pattern = found
    check(kind, pattern)
    assert kind == "action" and matches(pattern, action)
    for other in (action + "x", "x" + action, action.replace("?", "!").replace("*", "x") + "!"):
        assert not matches(pattern, other)
    command = AddBreakpoint(kind, pattern)
    assert parse(command.format().text) == command


@pytest.mark.parametrize(
    "text", ["A room.", "A room?\nIt is dark.", "A room.\nIt is dark.", "x" * 500, "what?" * 200, " ", "/a/"]
)
def test_the_pattern_of_an_observation_matches_it(text: str) -> None:
    found = observation_breakpoint(ActionRow("look", text))
    assert found is not None and found[0] == "observation"
    check(*found)
    assert matches(found[1], text) and not matches(found[1], f"y{text}") and len(found[1]) < 600


def test_a_variable_has_a_breakpoint_and_a_watch_or_a_branch_has_none() -> None:
    assert breakpoint_of(VariableRow("seen", "1", None, 3)) == ("variable", "seen")
    assert breakpoint_of(WatchRow("seen", "seen = 1")) is None
    assert breakpoint_of(BranchRow("main")) is None
    assert observation_breakpoint(ActionRow("look")) is None
    assert breakpoint_of(ActionRow("", "A room.")) == ("observation", "A room.")
