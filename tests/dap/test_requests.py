"""Requests in the wrong order, unknown ones, and those that read; refusals are messages for the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recode_core.session import read
from recode_tui.session_sources import samples_dir
from tests.dap.client import DapClient, LocalAdapter, RefusedError
from tests.dap.conftest import TASK

MENDED = samples_dir() / "household-mended.jsonl"


def test_requests_before_initialize_are_refused(client: DapClient) -> None:
    for command in ("launch", "threads", "next", "pause"):
        with pytest.raises(RefusedError, match="expected the request initialize first"):
            client.ask(command, threadId=1)


def test_requests_before_launch_are_refused(client: DapClient) -> None:
    client.initialize()
    for command in ("threads", "next", "configurationDone", "evaluate"):
        with pytest.raises(RefusedError, match="no session is open"):
            client.ask(command, threadId=1, expression="1")


def test_a_second_initialize_or_launch_is_refused(client: DapClient) -> None:
    client.launch(**TASK)
    with pytest.raises(RefusedError, match="requested before"):
        client.initialize()
    with pytest.raises(RefusedError, match="has a session already"):
        client.ask("launch", **TASK)


@pytest.mark.parametrize("command", ["disassemble", "readMemory", "stepInTargets", "modules", "nonsense"])
def test_a_request_that_recode_does_not_have_is_refused_by_its_name(client: DapClient, command: str) -> None:
    client.launch(**TASK)
    with pytest.raises(RefusedError, match=f"recode has no '{command}'"):
        client.ask(command, memoryReference="0", count=1, instructionCount=1, frameId=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "both are needed, or the file of a session"),
        ({"env": "household"}, "both are needed"),
        ({"env": "nowhere", "task": "put:7"}, "nowhere"),
        (TASK | {"task": "put:nonsense"}, "put:nonsense"),
        (TASK | {"policy": "nobody"}, "nobody"),
        (TASK | {"maxStep": 5}, "No such option: maxStep"),
        (TASK | {"maxSteps": -1}, "maxSteps"),
        (TASK | {"maxSteps": [5]}, "maxSteps: expected a text, a number"),
        ({"file": "no-such-session"}, "no-such-session"),
        ({"file": str(MENDED), "env": "household"}, "a session has its own settings"),
        (TASK | {"stopOnEntry": "yes"}, "stopOnEntry|stop_on_entry|bool"),
    ],
)
def test_a_launch_that_cannot_be_is_refused_and_another_may_follow(
    client: DapClient, arguments: dict[str, object], message: str
) -> None:
    client.initialize()
    with pytest.raises(RefusedError, match=message):
        client.ask("launch", **arguments)
    client.ask("launch", **TASK)
    client.wait_for("initialized")
    assert client.configured()["reason"] == "entry"


def test_keys_that_editors_add_to_a_launch_are_no_options(client: DapClient) -> None:
    added: dict[str, Any] = {
        "type": "recode",
        "name": "a run",
        "request": "launch",
        "__sessionId": "7",
        "presentation": {},
    }
    assert client.launch(**TASK, **added)["reason"] == "entry"


def test_capabilities_are_true_for_every_request_that_they_promise(client: DapClient) -> None:
    """Every request that a capability allows is carried out, or refused for a reason of its own."""
    client.launch(file=str(MENDED), readOnly=True)
    frame = client.frames()[0]
    thread, source = client.thread, frame["source"]
    promised = {
        "supportsFunctionBreakpoints": ("setFunctionBreakpoints", {"breakpoints": []}),
        "supportsDataBreakpoints": ("setDataBreakpoints", {"breakpoints": []}),
        "supportsBreakpointLocationsRequest": ("breakpointLocations", {"source": source, "line": 1}),
        "supportsCompletionsRequest": ("completions", {"text": "b", "column": 2}),
        "supportsLoadedSourcesRequest": ("loadedSources", {}),
        "supportsGotoTargetsRequest": ("gotoTargets", {"source": source, "line": 1}),
        "supportsStepBack": ("stepBack", {"threadId": thread}),
        "supportsCancelRequest": ("cancel", {}),
    }
    for command, arguments in promised.values():
        client.ask(command, **arguments)
    with pytest.raises(RefusedError, match="read-only"):
        client.ask("restart")
    with pytest.raises(RefusedError, match="no failure at this stop"):
        client.ask("exceptionInfo", threadId=thread)
    client.ask("terminate")
    client.wait_for("terminated")


def test_a_recording_is_looked_at_and_not_changed(client: DapClient) -> None:
    before = MENDED.read_bytes()
    client.launch(file=str(MENDED), readOnly=True)
    for line in client.command("breaks").split("\n"):
        client.command(f"delete {line.split()[0]}")
    client.move("stepBack")
    client.move("reverseContinue")
    assert client.frames()[0]["name"] == "the run has not started"
    client.move("next")
    client.move("stepIn")
    with pytest.raises(RefusedError, match="read-only"):
        client.command("edit 0 <<END\nrun('look')\nEND")
    client.ask("disconnect")
    assert client.at_end()
    assert MENDED.read_bytes() == before


def test_a_bundled_sample_is_continued_in_a_copy(client: DapClient) -> None:
    client.launch(file="household-mended")
    assert "session: " in client.output()
    assert str(MENDED) not in client.output()


def test_lines_and_columns_are_counted_as_the_client_wishes(client: DapClient) -> None:
    client.initialize(lines=False, columns=False)
    client.ask("launch", **TASK)
    client.wait_for("initialized")
    client.configured()
    client.move("next")
    client.move("stepIn")
    client.move("next")
    frame = client.frames()[0]
    assert (frame["line"], frame["column"]) == (1, 0)
    found = client.ask("breakpointLocations", source=frame["source"], line=0, endLine=50)["breakpoints"]
    assert [each["line"] for each in found] == list(range(9))
    points = client.ask("setBreakpoints", source=frame["source"], breakpoints=[{"line": 3}])["breakpoints"]
    assert (points[0]["verified"], points[0]["line"]) == (True, 3)
    client.move("continue")
    assert client.frames()[0]["line"] == 3


def test_an_attached_session_is_followed_while_another_process_writes_it(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"
    writer = connect().client
    writer.launch(**TASK, session=str(path))
    writer.move("next")
    watcher = connect().client
    watcher.launch(request="attach", file=str(path))
    assert watcher.frames()[0]["name"] == "run"
    writer.move("stepIn")
    assert watcher.wait_for("stopped")["reason"] == "step"
    assert watcher.frames()[0]["name"] == "solve (0)"
    watcher.move("stepBack")
    cursor = watcher.scope("Episode")["record"]
    writer.move("continue")
    watcher.wait_for("loadedSource")
    assert watcher.scope("Episode")["record"] == cursor  # it is looked at, so it is not moved
    with pytest.raises(RefusedError, match="read-only"):
        watcher.command("set x = 1")
    watcher.ask("disconnect")
    writer.ask("disconnect")
    assert writer.at_end()
    assert read(path).timeline().end.outcome == "solved"
