"""Moves through the run, and commands in the debug console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.session import read
from tests.dap.client import DapClient, LocalAdapter, RefusedError
from tests.dap.conftest import TASK
from tests.dap.doubles import FailingPolicy, PaidPolicy, PolicyOpener, SlowPolicy
from tests.support.waiting import PATIENCE


def start(client: DapClient, **more: str) -> None:
    """Launch, and stop in the first expansion."""
    client.launch(**TASK, **more)
    client.move("next")
    client.move("stepIn")


def record(client: DapClient) -> int:
    return int(client.scope("Episode")["record"])


def test_next_goes_over_placeholders_step_in_into_them_and_step_out_of_them(client: DapClient) -> None:
    start(client)
    for _ in range(7):
        client.move("next")
    assert [frame["line"] for frame in client.frames()] == [8, 1]
    call = record(client)
    client.move("next")
    assert [frame["line"] for frame in client.frames()] == [9, 1]
    client.move("stepBack", granularity="line")
    assert record(client) == call
    client.move("stepIn")
    assert client.frames()[0]["name"].startswith("find_and_take (0.7)")
    assert len(client.frames()) == 3
    client.move("stepOut")
    assert [frame["line"] for frame in client.frames()] == [9, 1]


def test_observations_of_recorded_history_are_printed_when_a_move_passes_them(client: DapClient) -> None:
    start(client)
    client.move("continue")
    before = client.output().count("> go to desk 1\n")
    assert before == 1
    client.command("goto 0.0")
    client.wait_for("stopped")
    for _ in range(8):
        client.move("next")
    assert client.output().count("> go to desk 1\n") == 2
    text = client.output()
    assert text.rindex("> go to desk 1") < text.rindex("You arrive at desk 1.")


def test_goto_offers_the_recorded_stops_of_a_line_past_and_future(client: DapClient) -> None:
    start(client)
    source = client.frames()[0]["source"]
    client.move("continue")
    targets = client.ask("gotoTargets", source=source, line=3)["targets"]
    assert [target["line"] for target in targets] == [3]
    client.move("goto", targetId=targets[0]["id"])
    assert client.frames()[0]["line"] == 3
    future = client.ask("gotoTargets", source=source, line=9)["targets"]
    client.move("goto", targetId=future[0]["id"])
    assert client.frames()[0]["line"] == 9
    assert client.ask("gotoTargets", source=source, line=99)["targets"] == []
    with pytest.raises(RefusedError, match="unknown record"):
        client.ask("goto", threadId=client.thread, targetId=10**6)


def test_a_frame_is_run_again_on_a_branch_and_the_other_thread_is_refused(client: DapClient) -> None:
    start(client)
    client.move("continue")
    client.command("goto 0.7.1")
    client.wait_for("stopped")
    frame = client.frames()[0]
    assert frame["canRestart"]
    client.ask("restartFrame", frameId=frame["id"])
    assert client.wait_for("stopped")["threadId"] == 2
    assert [thread["name"] for thread in client.ask("threads")["threads"]] == ["retry-1"]
    with pytest.raises(RefusedError, match="the current branch is retry-1, not main; `switch main`"):
        client.ask("next", threadId=1)
    with pytest.raises(RefusedError, match="unknown thread 9"):
        client.ask("stackTrace", threadId=9)
    with pytest.raises(RefusedError, match="moved on"):
        client.ask("restartFrame", frameId=frame["id"])


def test_restart_begins_a_new_session_with_the_same_breakpoints(client: DapClient, tmp_path: Path) -> None:
    start(client, session=str(tmp_path / "run.jsonl"))
    client.ask("setFunctionBreakpoints", breakpoints=[{"name": "put_object"}])
    client.ask("restart")
    assert client.wait_for("stopped")["reason"] == "entry"
    assert client.frames()[0]["name"] == "the run has not started"
    assert client.move("continue")["reason"] == "function breakpoint"
    client.ask("disconnect")
    assert client.at_end()
    assert len(list(tmp_path.glob("*.jsonl"))) == 2


def test_moves_beyond_the_ends_are_refused(client: DapClient) -> None:
    client.launch(**TASK, stopOnEntry=False)
    with pytest.raises(RefusedError, match="the run has ended"):
        client.ask("next", threadId=1)
    with pytest.raises(RefusedError, match="nothing is running"):
        client.ask("pause", threadId=1)
    client.move("reverseContinue")
    with pytest.raises(RefusedError, match="already at the start"):
        client.ask("stepBack", threadId=1)


def test_a_long_move_is_acknowledged_reported_paused_and_aborted(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy = SlowPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch()
    client.move("next")
    client.ask("next", threadId=1)  # the response comes although the policy has not replied
    assert policy.asked.wait(PATIENCE)
    started = client.wait_for("progressStart")
    assert started["message"].startswith("waiting for slow")
    client.wait_for("progressUpdate", lambda body: body["progressId"] == started["progressId"])
    assert client.ask("threads")["threads"] == [{"id": 1, "name": "main"}]
    client.ask("pause", threadId=1)
    assert not policy.is_aborted
    client.ask("pause", threadId=1)
    assert policy.is_aborted
    assert client.wait_for("stopped")["reason"] == "pause"
    client.wait_for("progressEnd")
    assert "before the model" in client.move("stepBack")["description"] or record(client) < 4


def test_a_pause_ends_a_run_at_its_next_stop(connect: Callable[..., LocalAdapter], tmp_path: Path) -> None:
    policy = SlowPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch()
    client.ask("continue", threadId=1)
    assert policy.asked.wait(PATIENCE)
    client.ask("pause", threadId=1)
    policy.go_on.set()
    stopped = client.wait_for("stopped")
    assert stopped["reason"] == "pause"
    assert "0.0" in stopped["description"]


def test_progress_can_be_cancelled_by_its_id(connect: Callable[..., LocalAdapter], tmp_path: Path) -> None:
    policy = SlowPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch()
    client.move("next")
    client.ask("next", threadId=1)
    number = client.wait_for("progressStart")["progressId"]
    client.ask("cancel", progressId=number)
    client.wait_for("stopped")
    assert policy.is_aborted


def test_a_request_that_has_not_begun_can_be_cancelled(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy = SlowPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch()
    client.ask("continue", threadId=1)
    assert policy.asked.wait(PATIENCE)
    waiting = client.send("evaluate", expression="1 + 1")
    client.ask("cancel", requestId=waiting)
    policy.go_on.set()
    with pytest.raises(RefusedError, match="cancelled"):
        client.response(waiting)


def test_an_error_after_the_acknowledgement_is_printed_and_the_run_stops(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy = FailingPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch()
    client.move("next")
    client.ask("next", threadId=1)
    policy.go_on.set()
    stopped = client.wait_for("stopped")
    assert stopped["text"] == "the model has left"
    assert "the model has left" in client.output()
    assert client.frames()[0]["name"] == "run"


def test_a_call_that_fails_is_not_repeated_because_breakpoints_were_set_meanwhile(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy = FailingPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch()
    client.ask("continue", threadId=1)
    assert policy.asked.wait(PATIENCE)
    points = client.send("setFunctionBreakpoints", breakpoints=[{"name": "put_object"}])
    policy.go_on.set()
    assert client.response(points)["breakpoints"][0]["verified"]
    assert client.wait_for("stopped")["text"] == "the model has left"
    assert policy.calls == 1


def test_a_bug_is_reported_and_the_client_is_answered(
    client: DapClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client.launch(**TASK)

    def fail(*arguments: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("recode_core.dap.views.scopes", fail)
    with pytest.raises(RefusedError, match="internal error: ZeroDivisionError"):
        client.reference("Variables")
    monkeypatch.setattr("recode_core.dap.target.DebugTarget.settle", fail)
    client.ask("next", threadId=1)
    assert (
        "internal error" in client.wait_for("output", lambda body: body["category"] == "important")["output"]
    )
    assert client.ask("threads")["threads"]
    assert "a bug" in capsys.readouterr().err


def test_money_is_spent_only_when_that_was_confirmed(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy = PaidPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch(stopOnEntry=True)
    client.move("next")
    client.move("stepIn")
    assert policy.calls == 1
    for line in ("regenerate 0", "regenerate 0 candidates 2", "retry 0"):
        with pytest.raises(RefusedError, match=r"about \d calls?.*\n.*confirm .*\n.*confirmCost") as refused:
            client.command(line)
        assert f"confirm {line}" in str(refused.value)
    frame = client.frames()[0]
    with pytest.raises(RefusedError, match="confirm retry 0"):
        client.ask("restartFrame", frameId=frame["id"])
    assert policy.calls == 1
    text = client.command("confirm regenerate 0 candidates 2")
    assert policy.calls == 3
    assert "truncated" in text
    reasons = [client.wait_for("thread", lambda body: body["threadId"] in (2, 3)) for _ in range(4)]
    assert [each["reason"] for each in reasons] == ["started", "started", "exited", "exited"]


def test_money_is_spent_without_asking_if_the_launch_says_so(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy = PaidPolicy()
    client = connect(PolicyOpener(tmp_path / "run.jsonl", policy)).client
    client.launch(confirmCost=True)
    client.move("next")
    client.move("stepIn")
    client.command("regenerate 0 candidates 2")
    assert policy.calls == 3
    assert "a reply a reply" in client.output()


def test_the_debug_console_takes_commands_scripts_and_expressions(client: DapClient) -> None:
    start(client)
    assert client.command("obj if False else 1 + 1") == "2"
    assert client.command(":print 1 + 2") == "3"
    assert client.command("# a comment") == ""
    assert client.command("print 1\nassert True\nprint 2") == "1\nholds: True\n2"
    with pytest.raises(RefusedError, match="does not hold"):
        client.command("print 1\nassert False\nprint 2")
    with pytest.raises(RefusedError, match="usage: goto"):
        client.command("goto")
    with pytest.raises(RefusedError, match="nothing_here"):
        client.command("nothing_here")
    assert "edit NODE" in client.command("help edit")
    client.command("watch len(locations)")
    client.move("next")
    client.move("next")
    client.move("next")
    assert client.scope("Watches") == {"len(locations)": "18"}


def test_quit_in_the_debug_console_ends_the_session(client: DapClient) -> None:
    start(client)
    client.command("quit")
    client.wait_for("terminated")
    with pytest.raises(RefusedError, match="no session is open"):
        client.ask("threads")


def test_evaluation_works_on_a_copy_in_hovers_and_watches(client: DapClient) -> None:
    start(client)
    client.move("next")
    client.move("next")
    before = record(client)
    for context in ("hover", "watch", "clipboard", "variables"):
        frame = client.frames()[0]["id"]
        found = client.ask("evaluate", expression="[obj, [1, 2]]", context=context, frameId=frame)
        assert (found["result"], found["type"]) == ("['cd', [1, 2]]", "list")
    found = client.ask("evaluate", expression="[obj, {'a': (1, 2)}]", context="watch")
    items = client.variables(found["variablesReference"])
    assert [(each["name"], each["value"]) for each in items] == [("0", "'cd'"), ("1", "{'a': (1, 2)}")]
    inner = client.variables(items[1]["variablesReference"])
    assert (inner[0]["name"], inner[0]["evaluateName"]) == ("'a'", "[obj, {'a': (1, 2)}][1]['a']")
    with pytest.raises(RefusedError):
        client.ask("evaluate", expression="run('look')", context="hover")
    assert record(client) == before


def test_a_variable_is_set_shown_and_its_long_value_has_items(client: DapClient) -> None:
    start(client)
    for _ in range(3):
        client.move("next")
    reference = client.reference("Variables")
    by_name = {each["name"]: each for each in client.variables(reference)}
    places = client.variables(by_name["locations"]["variablesReference"])
    assert len(places) == 18
    assert [each["value"] for each in client.variables(reference, start=3, count=1)] == ["'cd'"]
    found = client.ask("setVariable", variablesReference=reference, name="obj", value="'cup'")
    assert found["value"] == "'cup'"
    client.wait_for("stopped")
    assert client.scope("Variables")["obj"] == "'cup'"
    with pytest.raises(RefusedError, match="only whole variables can be set"):
        client.ask("setVariable", variablesReference=10**6, name="obj", value="1")
    with pytest.raises(RefusedError, match="moved on"):
        client.ask("variables", variablesReference=10**6)
    with pytest.raises(RefusedError):
        client.ask("setVariable", variablesReference=client.reference("Variables"), name="obj", value="1 +")


def test_commands_are_completed(client: DapClient) -> None:
    start(client)
    client.move("next")

    def labels(text: str) -> list[str]:
        targets = client.ask("completions", text=text, column=len(text) + 1)["targets"]
        return [target["label"] for target in targets]

    assert labels("bre") == ["break", "breaks"]
    assert labels(":bre") == ["break", "breaks"]
    assert labels("goto 0")[:2] == ["0.1", "0"]
    assert labels("confirm regen") == ["regenerate"]
    assert "placeholder" in labels("break ")
    assert labels("print inst") == ["instruction"]
    assert labels("inst") == ["instruction"]
    target = client.ask("completions", text="break pla", column=10)["targets"][0]
    assert (target["start"], target["length"]) == (7, 3)


def test_the_session_is_whole_when_the_client_leaves_in_the_middle_of_a_model_call(
    connect: Callable[..., LocalAdapter], tmp_path: Path
) -> None:
    policy, path = SlowPolicy(), tmp_path / "run.jsonl"
    adapter = connect(PolicyOpener(path, policy))
    adapter.client.launch()
    adapter.client.ask("continue", threadId=1)
    assert policy.asked.wait(PATIENCE)
    adapter.leave()
    assert policy.is_aborted
    assert not adapter.errors
    session = read(path)
    assert not session.damage
    again = connect(PolicyOpener(path, policy)).client
    again.launch(request="attach")
    assert "before the model" in again.log[-1]["body"]["description"]
