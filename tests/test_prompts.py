"""Prompts in sessions: recorded, used again without their folder, changed on a branch, compared."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from recode_core import config, episode
from recode_core.batch import plan_batch
from recode_core.batch.manifest import differences
from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.diff import difference
from recode_core.debugger.script import read_script, run_script
from recode_core.environments.household import Household
from recode_core.errors import RecodeError
from recode_core.events import ExpansionRequested, PromptsChanged
from recode_core.log import Log, Record
from recode_core.policies.prompts import load
from recode_core.report.runs import gather
from recode_core.session import Settings, read
from recode_core.timeline import Timeline

TASK = "heat:3:small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with actions of its own, and examples for one kind of task."""
    place = tmp_path / "mine"
    (place / "household" / "examples").mkdir(parents=True)
    (place / "household" / "actions.md").write_text("- my actions\n", "utf-8")
    (place / "household" / "examples" / "heat.md").write_text("how to heat\n", "utf-8")
    return place


@pytest.fixture
def settings(folder: Path) -> Settings:
    """A run of the expert with these prompts."""
    return Settings("household", TASK, prompts=load(folder, "household", "recode"))


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """A debugger on a run with our own prompts."""
    with debug_session.start(Settings("household", TASK), tmp_path / "run.jsonl") as opened:
        yield Console(opened.debugger)


def _systems(log: Log, records: list[Record]) -> list[str]:
    """What each request of a line begins with: whose actions it has."""
    requests = [record.event for record in records if isinstance(record.event, ExpansionRequested)]
    texts = [log.load(request.messages[0]).content for request in requests]
    return ["mine" if "- my actions" in text else "bundled" for text in texts]


def _ran(console: Console, script: str) -> list[str]:
    report = run_script(console, read_script(script))
    assert report.exit_code == 0, report.error
    return [line for outcome in report.outcomes for line in outcome.output]


def test_a_run_is_asked_with_its_prompts_and_records_those_of_its_kind(
    settings: Settings, tmp_path: Path
) -> None:
    with episode.start(settings, tmp_path / "run.jsonl") as started:
        started.run()
        assert started.result.solved
    session = read(tmp_path / "run.jsonl")
    assert set(_systems(session.log(), session.records)) == {"mine"}
    assert "# Examples\nhow to heat" in session.system
    recorded = session.header.settings.prompts
    assert recorded is not None and not recorded.kinds
    assert recorded.sources["examples"] == "household/examples/heat.md"


def test_a_session_is_gone_on_with_and_checked_without_the_folder(
    settings: Settings, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "run.jsonl"
    with debug_session.start(settings, path) as opened:
        _ran(Console(opened.debugger), "until 0.8")
    shutil.rmtree(folder)
    with episode.resume(path) as resumed:
        resumed.run()
    session = read(path)
    assert set(_systems(session.log(), session.records)) == {"mine"}
    verdict = episode.check(path)
    assert (verdict.diverged, verdict.reworded) == (0, 0)
    with debug_session.open_live(path) as opened:
        _ran(Console(opened.debugger), "back\nregenerate 0\nstep\nstep")
        assert set(_systems(opened.debugger.log, opened.debugger.timeline.records)) == {"mine"}


def test_a_session_keeps_the_message_that_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.jsonl"
    with debug_session.start(Settings("household", TASK), path) as opened:
        _ran(Console(opened.debugger), "step\nstep\nstep")
    before = read(path).system
    changed = msgspec.structs.replace(Household.guide, actions="- other actions of a later version")
    monkeypatch.setattr(Household, "guide", changed)
    with episode.resume(path) as resumed:
        resumed.run()
    session = read(path)
    requests = [r.event for r in session.records if isinstance(r.event, ExpansionRequested)]
    assert len(requests) > 2
    assert {session.log().load(request.messages[0]).content for request in requests} == {before}
    assert episode.check(path).reworded == 0


def test_other_prompts_from_a_node_are_for_all_that_follows(console: Console, folder: Path) -> None:
    _ran(console, f"until 0.8\nprompts {folder} 0\ncontinue\nassert episode.solved")
    debugger = console.debugger
    assert set(_systems(debugger.log, debugger.timeline.records)[1:]) == {"mine"}
    assert debugger.branch == "prompts-1"
    assert "the prompts mine" in str(debugger.log.branches["prompts-1"])
    assert set(_systems(debugger.log, debugger.log.line("main"))) == {"bundled"}


def test_other_prompts_for_a_node_only_leave_what_follows_as_it_was(console: Console, folder: Path) -> None:
    _ran(console, f"step\nprompts {folder} only\ncontinue\nassert episode.solved")
    found = _systems(console.debugger.log, console.debugger.timeline.records)
    assert found[:2] == ["bundled", "mine"]
    assert set(found[2:]) == {"bundled"}


def test_a_change_of_prompts_is_replayed_resumed_and_undone(
    console: Console, folder: Path, tmp_path: Path
) -> None:
    _ran(console, f"step\nprompts {folder}\nstep\nstep")
    shutil.rmtree(folder)
    debugger = console.debugger
    debugger.parts.restorer.checkpoints.store(debugger.cursor, debugger.parts.live_run().executor.run)
    _ran(console, "continue\nback\nback\nset extra = 1\ncontinue\nassert episode.solved")
    assert _systems(debugger.log, debugger.timeline.records)[-1] == "mine"
    verdicts = episode.check_all(tmp_path / "run.jsonl")
    assert [(verdict.diverged, verdict.reworded) for verdict in verdicts.values()] == [(0, 0)] * len(verdicts)
    _ran(console, "undo\n" * 8)
    assert _systems(debugger.log, debugger.timeline.up_to(debugger.cursor)) == ["bundled"]


def test_the_bundled_prompts_can_be_gone_back_to(settings: Settings, tmp_path: Path) -> None:
    with debug_session.start(settings, tmp_path / "run.jsonl") as opened:
        _ran(Console(opened.debugger), "step\nprompts bundled\ncontinue")
        assert set(_systems(opened.debugger.log, opened.debugger.timeline.records)[1:]) == {"bundled"}
        changed = [r.event for r in opened.debugger.timeline.records if isinstance(r.event, PromptsChanged)]
        assert [(event.name, event.only) for event in changed] == [("bundled", False)]


def test_what_is_used_is_shown_with_its_name_and_digest(settings: Settings, tmp_path: Path) -> None:
    with debug_session.start(settings, tmp_path / "run.jsonl") as opened:
        console = Console(opened.debugger)
        assert _ran(console, "prompts")[0] == "no requests yet; `step` to the first one"
        shown = _ran(console, "step\nstep\nprompts")
        assert settings.prompts is not None
        digest = settings.prompts.for_kind("heat").digest
        assert f"mine ({digest}) from 0" in shown
        assert any(
            "actions from household/actions.md" in line and "rules from bundled" in line for line in shown
        )


def test_diff_says_that_prompts_differ_and_how(console: Console, folder: Path) -> None:
    said = _ran(console, f"until 0.8\nprompts {folder} 0\nstep\ndiff main prompts-1")
    assert any(line.startswith("the prompts differ: ") for line in said)
    assert "  + - my actions" in said
    assert not any("the prompts differ" in line for line in _ran(console, "diff main main"))
    lines = [Timeline(console.debugger.log.line(branch)).end for branch in ("main", "prompts-1")]
    assert difference(*lines).other_prompts and not difference(lines[0], lines[0]).other_prompts


def test_diff_goes_by_the_prompts_that_were_used_last(console: Console, folder: Path) -> None:
    said = _ran(console, f"step\nprompts {folder}\nuntil 0.8\nprompts bundled 0\nstep\nprompts")
    assert [line.partition(" ")[0] for line in said[-3:]] == ["bundled", "mine", "bundled"]
    said = _ran(console, "diff main prompts-1")
    assert any(line.startswith("the prompts differ: mine (") for line in said)
    assert "  - - my actions" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("prompts nowhere 0", "nowhere cannot be read"),
        ("prompts bundled 0 0.1", "expected [NODE] [only] after the folder"),
        ("prompts bundled", "expected a node"),
        ("prompts bundled 0.99", "no request for '0.99' yet"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(console: Console, line: str, said: str) -> None:
    report = run_script(console, read_script(f"until 0.0\n{line}"))
    assert report.exit_code == 2
    assert said in report.outcomes[-1].error


def test_a_batch_has_the_examples_of_each_kind(settings: Settings) -> None:
    manifest = plan_batch(settings, tasks=["heat:1", "cool:1"])
    assert manifest.settings.prompts == settings.prompts
    assert manifest.settings.prompts is not None and "heat" in manifest.settings.prompts.kinds
    (told,) = differences(
        manifest, msgspec.structs.replace(manifest, settings=Settings("household", "", model="expert"))
    )
    assert told.startswith("prompts mine (")


def test_a_report_tells_runs_with_other_prompts_apart(settings: Settings, tmp_path: Path) -> None:
    for number, asked in enumerate((settings, Settings("household", TASK))):
        with episode.start(asked, tmp_path / "runs" / f"{number}.jsonl") as started:
            started.run()
    agents = [run.agent for run in gather([tmp_path / "runs"]).runs]
    assert agents == ["recode with prompts mine", "recode"]


def test_a_profile_can_name_a_folder(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from recode_core.policy_registry import with_prompts

    path = tmp_path / "config.toml"
    path.write_text('[profiles.local]\nlike = "ollama"\nprompts = "mine"\n', "utf-8")
    monkeypatch.setattr(config, "config_path", lambda: path)
    asked = with_prompts(Settings("household", TASK, "local"))
    assert asked.prompts == load(folder, "household", "recode")
    assert with_prompts(Settings("household", TASK, "ollama")).prompts is None
    shutil.rmtree(folder)
    with pytest.raises(RecodeError, match="mine cannot be read"):
        with_prompts(Settings("household", TASK, "local"))
