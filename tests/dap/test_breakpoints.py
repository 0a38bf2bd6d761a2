"""The client's breakpoints are breakpoints of the session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recode_core.debugger.annotations import annotations_of
from recode_core.debugger.breakpoint_text import format_breakpoint
from recode_core.session import read
from tests.dap.client import DapClient, LocalAdapter
from tests.dap.conftest import TASK


def recorded(path: Path) -> list[str]:
    """The breakpoints of a session, as they are typed."""
    points = annotations_of(read(path).records).breakpoints.values()
    return [format_breakpoint(point) for point in points]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of the session."""
    return tmp_path / "run.jsonl"


@pytest.fixture
def inside(client: DapClient, path: Path) -> dict[str, Any]:
    """The source of the first expansion, in which the run stops."""
    client.launch(**TASK, session=str(path))
    client.move("next")
    client.move("stepIn")
    source: dict[str, Any] = client.frames()[0]["source"]
    return source


def set_lines(client: DapClient, source: dict[str, Any], *points: dict[str, Any]) -> list[dict[str, Any]]:
    """Set the breakpoints of a source."""
    found: list[dict[str, Any]] = client.ask("setBreakpoints", source=source, breakpoints=[*points])[
        "breakpoints"
    ]
    return found


def test_a_line_breakpoint_is_added_hit_kept_and_deleted(
    client: DapClient, inside: dict[str, Any], path: Path
) -> None:
    four, eight = set_lines(client, inside, {"line": 4}, {"line": 8})
    assert (four["verified"], four["line"], eight["verified"]) == (True, 4, True)
    assert recorded(path) == ["line 0:4", "line 0:8"]
    again = set_lines(client, inside, {"line": 8})
    assert again[0]["id"] == eight["id"]
    assert recorded(path) == ["line 0:8"]
    stopped = client.move("continue")
    assert (stopped["reason"], stopped["hitBreakpointIds"]) == ("breakpoint", [eight["id"]])
    assert client.frames()[0]["line"] == 8
    set_lines(client, inside)
    assert recorded(path) == []


def test_conditions_and_hit_conditions_are_those_of_the_session(
    client: DapClient, inside: dict[str, Any], path: Path
) -> None:
    points = set_lines(
        client,
        inside,
        {"line": 2, "condition": "len(locations) > 3"},
        {"line": 3, "hitCondition": "3"},
        {"line": 4, "hitCondition": "> 3"},
        {"line": 5, "hitCondition": "% 2"},
        {"line": 6, "condition": "1 +"},
    )
    assert [point["verified"] for point in points] == [True, True, True, False, False]
    assert "unsupported hit condition '% 2'" in points[3]["message"]
    assert recorded(path) == ["line 0:2 if len(locations) > 3", "line 0:3 after 2", "line 0:4 after 3"]


def test_a_line_without_a_statement_and_a_foreign_file_are_refused_in_words(
    client: DapClient, inside: dict[str, Any]
) -> None:
    assert set_lines(client, inside, {"line": 99})[0]["message"] == "no statement starts on line 99 of 0"
    foreign = set_lines(client, {"name": "other.py", "path": "/tmp/other.py"}, {"line": 1})
    assert foreign[0]["message"] == "/tmp/other.py is not the code of an expansion of this run"
    unknown = set_lines(client, {"name": "0.py", "sourceReference": 7}, {"line": 1})
    assert unknown[0]["message"] == "this run has no such code (yet)"
    root = client.frames()[-1]["source"]
    assert "use a function breakpoint" in set_lines(client, root, {"line": 1})[0]["message"]


def test_code_that_was_replaced_can_have_no_breakpoint(client: DapClient, inside: dict[str, Any]) -> None:
    client.command("edit 0 <<END\nrun('look')\nrun('look')\nEND")
    client.wait_for("stopped")
    assert "0 has other code on" in set_lines(client, inside, {"line": 2})[0]["message"]


def test_a_log_point_prints_its_message_with_values_and_does_not_stop(
    client: DapClient, inside: dict[str, Any], path: Path
) -> None:
    set_lines(client, inside, {"line": 3, "logMessage": "obj is {obj}, {len(obj)} long, {nothing}"})
    assert recorded(path) == ["line 0:3 log"]
    assert client.move("continue")["reason"] == "end"
    assert "obj is 'cd', 2 long, {nothing: " in client.output()


def test_a_data_breakpoint_stops_where_a_variable_changes(
    client: DapClient, inside: dict[str, Any], path: Path
) -> None:
    reference = client.reference("Variables")
    info = client.ask("dataBreakpointInfo", name="obj_ID", variablesReference=reference)
    assert (info["dataId"], info["accessTypes"]) == ("obj_ID", ["write"])
    other = client.ask("dataBreakpointInfo", name="score", variablesReference=client.reference("Episode"))
    assert other["dataId"] is None
    wanted = [{"dataId": "obj_ID"}, {"dataId": "obj", "accessType": "read"}]
    points = client.ask("setDataBreakpoints", breakpoints=wanted)["breakpoints"]
    assert points[1]["message"] == "reading a variable is not recorded, only its changes"
    assert recorded(path) == ["variable obj_ID"]
    assert client.move("continue")["reason"] == "data breakpoint"


def test_exception_filters_stop_before_and_after_the_model_and_before_actions(
    client: DapClient, inside: dict[str, Any], path: Path
) -> None:
    options = [{"filterId": "before-model", "condition": "episode.steps > 1"}]
    found = client.ask(
        "setExceptionBreakpoints", filters=["action", "limit", "nothing"], filterOptions=options
    )
    assert [point["verified"] for point in found["breakpoints"]] == [True, True, False, True]
    assert "unknown filter 'nothing'" in found["breakpoints"][2]["message"]
    assert recorded(path) == ["action *", "before-model if episode.steps > 1"]
    assert "before an action" in client.move("continue")["description"]
    client.ask("setExceptionBreakpoints", filters=["after-model"])
    assert recorded(path) == ["after-model"]
    assert client.move("continue")["text"] == "after-model"


def test_continue_passes_failures_only_without_their_filter(client: DapClient, path: Path) -> None:
    client.launch(**TASK, session=str(path))
    client.move("next")
    client.command("edit 0 <<END\nanswer = 1 / 0\nEND")
    client.wait_for("stopped")
    client.ask("setExceptionBreakpoints", filters=["failure"])
    stopped = client.move("continue")
    assert stopped["reason"] == "exception"
    info = client.ask("exceptionInfo", threadId=client.thread)
    assert info["exceptionId"] == "ZeroDivisionError"
    assert "division by zero" in info["description"]
    client.move("stepBack")
    client.ask("setExceptionBreakpoints", filters=[])
    assert client.move("continue")["reason"] == "end"  # the policy repaired it
    client.move("reverseContinue")
    client.move("stepBack")
    condition = "event.failure['type'] == 'KeyError'"
    client.ask(
        "setExceptionBreakpoints", filters=[], filterOptions=[{"filterId": "failure", "condition": condition}]
    )
    assert client.move("continue")["reason"] == "end"


def test_breakpoints_of_the_session_stay_and_are_announced_to_the_next_client(
    connect: Callable[..., LocalAdapter], path: Path
) -> None:
    first = connect()
    first.client.launch(**TASK, session=str(path))
    first.client.move("next")
    first.client.move("stepIn")
    source = first.client.frames()[0]["source"]
    set_lines(first.client, source, {"line": 8})
    first.client.command("break action take*")
    first.leave()
    second = connect().client
    second.initialize()
    second.ask("launch", file=str(path))
    second.wait_for("initialized")
    second.ask("setFunctionBreakpoints", breakpoints=[])
    second.ask("configurationDone")
    announced = second.wait_for("breakpoint")
    assert (announced["reason"], announced["breakpoint"]["line"]) == ("new", 8)
    assert announced["breakpoint"]["source"]["sourceReference"] == source["sourceReference"]
    second.wait_for("stopped")
    assert recorded(path) == ["line 0:8", "action take*"]
    set_lines(second, source, {"line": 8})  # taken for the same one, and so deleted with it
    set_lines(second, source)
    assert recorded(path) == ["action take*"]


def test_breakpoints_are_set_while_the_run_continues(client: DapClient, path: Path) -> None:
    client.launch(**TASK, session=str(path))
    thread = client.thread
    going = client.send("continue", threadId=thread)
    point = client.ask("setFunctionBreakpoints", breakpoints=[{"name": "put_object"}])["breakpoints"][0]
    client.response(going)
    stopped = client.wait_for("stopped")
    assert stopped.get("hitBreakpointIds", [point["id"]]) == [point["id"]]
    assert recorded(path) == ["placeholder put_object"]
