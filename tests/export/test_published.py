"""Runs of the published code as sessions: what its file says, and nothing that it doesn't."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from recode_core import episode
from recode_core.debugger import debug_session, render
from recode_core.errors import NewerFormat, NotASession, NotWritable, ReadOnlyError, SessionError
from recode_core.events import (
    ActionFinished,
    ActionReached,
    EpisodeFinished,
    ExpansionReplied,
    ExpansionRequested,
    NoteSet,
    RunImported,
    StatementFinished,
    WorldReset,
)
from recode_core.export.page import page
from recode_core.export.published import import_results
from recode_core.result import imported_as, result_of
from recode_core.session import Session, Settings, read
from recode_core.session.catalog import load_result, scan
from recode_tui.cli import main


def _node(code: str, status: str = "COMPLETED", **known: Any) -> dict[str, Any]:
    return {
        "code": code,
        "thought": "",
        "status": status,
        "depth": 0,
        "observations": [],
        "error": None,
    } | known


def _tree(nodes: dict[str, Any], edges: list[list[str]], **known: Any) -> dict[str, Any]:
    meta = {
        "env_name": "alfworld",
        "task_type": "put",
        "created_at": "2025-11-02T10:00:00+00:00",
        "max_depth": 8,
    }
    return {"version": "recode.plan.v1", "meta": meta, "root_id": "r", "nodes": nodes, "edges": edges} | known


def _solved() -> dict[str, Any]:
    nodes = {
        "r": _node("solve(instruction, observation)", "STUB", thought="Find it first."),
        "a": _node("obj = find(\n    'cd')\n", "STUB", thought="Look around."),
        "b": _node(
            "for place in ('desk 1', 'bed 1'):\n    run(f'go to {place}')\n",
            observations=["You see", "a cd 3."],
        ),
        "c": _node("nothing_to_do()\n", "SKIP"),
        "d": _node("run('look')", observations=["A room."]),
    }
    return _tree(nodes, [["r", "a"], ["r", "c"], ["r", "d"], ["a", "b"]])


def _run(tree: dict[str, Any], **known: Any) -> dict[str, Any]:
    facts = {
        "instance_id": 7,
        "success": True,
        "steps": 5,
        "cost": 0.25,
        "time": 12.5,
        "reward": 1,
        "task_type": "put",
    }
    return facts | {"tree": tree} | known


@pytest.fixture
def imported(tmp_path: Path) -> Any:
    """Imports runs, and reads the sessions that come of them."""

    def import_runs(*runs: dict[str, Any], text: str = "") -> list[Session]:
        source = tmp_path / "results.json"
        source.write_text(text or json.dumps({"summary": {}, "instances": runs}))
        return [read(path) for path in import_results(source, tmp_path / "sessions").paths]

    return import_runs


def test_the_tree_is_the_one_that_the_file_has(imported: Any) -> None:
    (session,) = imported(_run(_solved()))
    tree = session.timeline().end
    assert [(node.id, node.text, node.kind, node.status) for node in tree.nodes.values()] == [
        ("0", "solve(instruction, observation)", "placeholder", "done"),
        ("0.0", "obj = find(\n    'cd')", "placeholder", "done"),
        ("0.1", "nothing_to_do()", "placeholder", "done"),
        ("0.2", "run('look')", "code", "done"),
        ("0.0.0", "for place in ('desk 1', 'bed 1'):\n    run(f'go to {place}')", "control", "done"),
    ]
    assert (tree.nodes["0"].thought, tree.nodes["0.0"].thought) == ("Find it first.", "Look around.")
    assert (tree.outcome, tree.score) == ("solved", 1.0)


def test_the_header_says_where_it_comes_from_and_keeps_the_names_of_the_file(imported: Any) -> None:
    (session,) = imported(_run(_solved()))
    settings = session.header.settings
    assert session.header.imported == "results.json, recode.plan.v1, instance 7"
    assert (settings.environment, settings.task, settings.policy) == (
        "alfworld",
        "put, instance 7",
        "imported",
    )
    assert (session.path.stem, session.header.id) == ("results-7", "results-7")
    assert (session.header.created, settings.limits.depth) == ("2025-11-02T10:00:00+00:00", 8)
    note = next(record.event for record in session.records if isinstance(record.event, NoteSet))
    assert all(fact in note.text for fact in ("steps 5", "cost 0.25", "seconds 12.5", "reward 1.0"))


def test_what_the_file_does_not_hold_is_not_in_the_session(imported: Any) -> None:
    (session,) = imported(_run(_solved()))
    events = [record.event for record in session.records]
    assert not any(isinstance(event, WorldReset | ActionReached | ActionFinished) for event in events)
    replies = [event for event in events if isinstance(event, ExpansionReplied)]
    assert {(reply.text, reply.usage.cost_usd) for reply in replies} == {("", None)}
    assert all(
        not (e.messages or e.prompt or e.model or e.variables)
        for e in events
        if isinstance(e, ExpansionRequested)
    )
    assert not any(event.changed for event in events if isinstance(event, StatementFinished))


def test_what_a_statement_printed_is_told_as_it_came(imported: Any) -> None:
    (session,) = imported(_run(_solved()))
    with debug_session.open_readonly(session.path) as opened:
        assert opened.result.solved
    text = page(session)
    assert "You see\na cd 3." in text
    assert opened.header.imported


def test_a_failed_run_says_where_and_why(imported: Any) -> None:
    nodes = {
        "r": _node("solve(instruction, observation)", "STUB", thought="t"),
        "a": _node("x = y", "ERROR", error="NameError: name 'y' is not defined"),
        "b": _node("run('look')", "PENDING"),
    }
    tree = _tree(nodes, [["r", "a"], ["r", "b"]])
    (session,) = imported(_run(tree, success=False, reward=0))
    found = session.timeline().end
    assert (found.outcome, found.nodes["0.0"].status, found.nodes["0.1"].status) == (
        "failed",
        "failed",
        "pending",
    )
    failure = found.nodes["0.0"].failure
    assert failure is not None
    assert (failure.type, failure.message) == ("NameError", "name 'y' is not defined")


@pytest.mark.parametrize(
    ("error", "limit", "value"),
    [
        ("StepLimitError: Step limit of 80 exceeded.", "environment steps", 80),
        ("Timeout after 900s", "seconds", 900),
    ],
)
def test_a_limit_that_ended_a_run_is_named(imported: Any, error: str, limit: str, value: float) -> None:
    tree = _solved()
    tree["nodes"]["d"] |= {"status": "PENDING"}
    (session,) = imported(_run(tree, success=False, reward=0, error=error))
    found = session.timeline().end
    assert found.limit is not None
    assert (found.outcome, found.limit.name, found.limit.value) == ("limit", limit, value)


def test_a_run_that_left_a_placeholder_without_code_says_so(imported: Any) -> None:
    tree = _tree({"r": _node("solve(instruction, observation)", "STUB", thought="def")}, [])
    (session,) = imported(_run(tree, success=False, reward=0))
    ending = session.records[-1].event
    assert isinstance(ending, EpisodeFinished)
    assert (ending.outcome, "left without code" in ending.detail) == ("failed", True)


def test_a_run_whose_world_was_over_before_the_code_was_says_so(imported: Any) -> None:
    tree = _solved()
    tree["nodes"]["d"] |= {"status": "PENDING"}
    (session,) = imported(_run(tree, success=False, reward=0.5))
    assert (session.timeline().end.outcome, session.timeline().end.score) == ("done", 0.5)


def test_a_reward_in_percent_is_a_score_up_to_one(imported: Any) -> None:
    tree = _solved()
    tree["meta"]["env_name"] = "sciworld"
    (session,) = imported(_run(tree, success=False, reward=45, instance_id="boil/../3"))
    assert session.timeline().end.score == 0.45
    assert session.path.stem == "results-boil-..-3"


def test_a_tree_alone_is_a_run_of_which_nobody_knows_how_it_ended(imported: Any) -> None:
    (session,) = imported(text=json.dumps(_solved()))
    assert session.timeline().end.outcome is None
    (session,) = imported(text=json.dumps(_run(_solved())))
    assert session.timeline().end.outcome == "solved"


def test_a_run_without_a_tree_is_left_out_and_told(tmp_path: Path) -> None:
    source = tmp_path / "results.json"
    runs = [
        {"instance_id": 0, "success": False, "error": "no route"},
        _run(_solved()),
        _run(_tree({}, [], root_id=None)),
    ]
    source.write_text(json.dumps({"instances": runs}))
    found = import_results(source, tmp_path / "sessions")
    assert (len(found.paths), found.left_out) == (1, ("run 0: no route", "run 7: it has no tree"))


def test_nobody_can_go_on_with_an_imported_run(imported: Any) -> None:
    (session,) = imported(_run(_solved()))
    before = session.path.read_bytes()
    for act in (episode.resume, debug_session.open_live, episode.check):
        with pytest.raises(NotWritable, match="this run was imported"):
            act(session.path)
    with (
        debug_session.open_readonly(session.path) as opened,
        pytest.raises(ReadOnlyError, match=r"imported from results\.json"),
    ):
        opened.debugger.goto("0.2")
        opened.debugger.edit("0.2", "run('sit')")
    assert session.path.read_bytes() == before


def test_imported_runs_are_listed_like_others_and_imported_again_under_another_name(
    imported: Any, tmp_path: Path
) -> None:
    imported(_run(_solved()))
    imported(_run(_solved()))
    entries = [load_result(entry) for entry in scan(tmp_path / "sessions")]
    assert sorted(entry.path.name for entry in entries) == ["results-7-2.jsonl", "results-7.jsonl"]
    assert all(entry.result and entry.result.solved and entry.result.seconds == 12.5 for entry in entries)
    assert all(entry.result and entry.result.cost_usd == 0.25 for entry in entries)


FULL = {"steps": 5, "cost": 0.25, "time": 12.5, "reward": 1}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (FULL, (1.0, 5, 0.25, 12.5)),
        ({}, (None, None, None, None)),
        ({"step": 3, "cost": 0}, (None, 3, 0.0, None)),
        ({"steps": 0, "reward": 0}, (0.0, 0, None, None)),
        ({"steps": -1, "cost": -0.5, "time": -2}, (None, None, None, None)),
    ],
)
def test_what_a_file_counts_is_the_result_and_what_it_does_not_is_unknown(
    imported: Any, known: dict[str, Any], expected: tuple[object, ...]
) -> None:
    (session,) = imported({"instance_id": 7, "success": False, "tree": _solved()} | known)
    result = result_of(session.timeline())
    assert (result.score, result.steps, result.cost_usd, result.seconds) == expected
    assert (result.calls, result.tokens, result.nodes) == (None, None, 5)


def test_a_session_that_was_imported_before_counts_were_recorded_has_them_in_its_note(imported: Any) -> None:
    (session,) = imported(_run(_solved(), cost=1.5e-05))
    records = [record for record in session.records if not isinstance(record.event, RunImported)]
    assert len(records) == len(session.records) - 1
    told = imported_as(records)
    assert told == RunImported(score=1.0, steps=5, cost_usd=1.5e-05, seconds=12.5)
    (session,) = imported({"instance_id": "a, steps 9", "success": False, "tree": _solved()})
    assert imported_as([r for r in session.records if not isinstance(r.event, RunImported)]) == RunImported()


def test_a_run_of_our_own_is_not_taken_for_an_imported_one(tmp_path: Path) -> None:
    with episode.start(Settings("household", "put:7"), tmp_path / "own.jsonl") as own:
        own.run()
        assert imported_as(own.log.records) is None
        assert own.result.steps == 5


def test_unknown_counts_are_never_zero_where_they_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "results.json"
    source.write_text(json.dumps({"instances": [{"instance_id": 7, "success": False, "tree": _solved()}]}))
    (path,) = import_results(source, tmp_path / "sessions").paths

    def recode(*arguments: object) -> str:
        monkeypatch.setattr("sys.argv", ["recode", *map(str, arguments)])
        with pytest.raises(SystemExit):
            main()
        return capsys.readouterr().out

    unknown = ("score unknown", "steps unknown", "calls unknown", "tokens unknown", "cost unknown")
    shown = recode("show", path)
    assert all(text in shown for text in (*unknown, "time unknown"))
    assert "prompt tokens" not in shown
    assert re.search(r" – +– +unknown ", recode("sessions", "--sessions-dir", path.parent))
    assert all(text in page(read(path)) for text in unknown)
    (listed_run,) = json.loads(recode("sessions", "--json", "--sessions-dir", path.parent))
    counts = ("score", "steps", "calls", "tokens", "cost_usd", "seconds")
    assert [listed_run["result"][name] for name in counts] == [None] * 6
    made = json.loads(recode("report", path, "--json"))
    assert [made["groups"][0][name] for name in counts] == [None] * 6
    assert [made["corpus"]["runs"][0]["result"][name] for name in counts] == [None] * 6
    assert re.search(r"^reward % +unknown$", recode("report", path), re.M)
    with debug_session.open_readonly(path) as opened:
        debugger = opened.debugger
        debugger.goto(debugger.timeline.stops[-1].n)
        assert "score unknown" in render.stop_line(debugger.timeline, debugger.stop)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "recode.plan.v2"}, "version 'recode.plan.v2', this recode reads recode.plan.v1"),
        ({"root_id": "z"}, "the root 'z' is not a node"),
        ({"edges": [["r", "a"]]}, "no edges lead from the root to the node 'b'"),
        ({"edges": [["r", "z"]]}, "an edge leads to 'z', which is not a node"),
        ({"edges": [["r", "a"], ["b", "a"]]}, "the node 'a' has two parents"),
        ({"edges": [["a", "r"]]}, "the node 'r' has two parents, or is the root"),
        ({"edges": [["a", "b"], ["b", "a"]]}, "the node 'a'"),
        (
            {"nodes": {"r": {"code": 1, "status": "STUB"}}},
            "`nodes[...].code` must be a text, not a whole number",
        ),
        ({"nodes": {"r": {"code": "", "status": "DONE"}}}, "`nodes[...].status` can't be 'DONE'"),
    ],
)
def test_a_damaged_tree_is_told_and_nothing_is_imported(
    imported: Any, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    with pytest.raises((NotASession, NewerFormat), match="run 1") as refused:
        imported(_run(_solved()), _run(_solved() | change))
    assert said in str(refused.value)
    assert not (tmp_path / "sessions").exists()


@pytest.mark.parametrize("text", ["", "hello", "[]", "{}", '{"instances": 3}', '{"a": ' * 5000])
def test_a_foreign_file_is_told(imported: Any, text: str) -> None:
    with pytest.raises(NotASession, match="neither a session nor a result file"):
        imported(text=text or " ")


@pytest.mark.slow
def test_a_deep_tree_is_imported(imported: Any) -> None:
    deep = {"r": _node("solve()", "STUB")} | {f"n{n}": _node(f"step_{n}()", "STUB") for n in range(3000)}
    names = list(deep)
    edges = [list(pair) for pair in itertools.pairwise(names)]
    (session,) = imported(_run(_tree(deep, edges), success=False))
    assert len(session.timeline().end.nodes) == 3001


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="cannot be read"):
        import_results(tmp_path / "absent.json", tmp_path)
