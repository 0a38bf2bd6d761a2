"""What is read of sessions; nothing that is wrong with a file stops a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.batch import Batch, BatchOptions, Budgets, plan_batch
from recode_core.batch.manifest import kind_in
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.episode import start
from recode_core.errors import PolicyUnavailable, SessionError
from recode_core.executor.limits import Limits
from recode_core.policies.scripted import Scripted
from recode_core.report.runs import gather
from recode_core.report.summary import report_of
from recode_core.session import Settings


def test_damaged_and_unfinished_files_are_named(sessions: Path) -> None:
    corpus = gather([sessions])
    assert [run.path.name for run in corpus.runs] == ["solved.jsonl"]
    assert [(left.path.name, left.why) for left in corpus.unfinished] == [("half.jsonl", "broken off")]
    why = {left.path.name: left.why for left in corpus.damaged}
    assert why.keys() == {"foreign.jsonl", "empty.jsonl", "middle.jsonl"}
    assert why["empty.jsonl"].startswith("is empty")
    assert "line 6" in why["middle.jsonl"]


def test_a_run_says_what_a_report_needs(sessions: Path) -> None:
    (run,) = gather([sessions / "solved.jsonl"]).runs
    assert (run.environment, run.kind, run.task, run.agent, run.model) == (
        "household",
        "put",
        "put:7",
        "recode",
        "expert",
    )
    assert (run.result.solved, run.failure, run.errors, run.branches) == (True, "", {}, 1)
    assert (run.expansions, run.result.depth) == (4, 3)
    assert 4 < run.statements < 7 and 0 < run.placeholders < 1


def test_a_session_that_is_named_twice_counts_once(sessions: Path) -> None:
    assert len(gather([sessions, sessions / "solved.jsonl", sessions]).runs) == 1


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="nowhere does not exist"):
        gather([tmp_path / "nowhere"])
    assert gather([tmp_path]).runs == ()


def test_why_a_run_is_not_solved_and_what_went_wrong_on_the_way(tmp_path: Path) -> None:
    limited = Settings("household", "put:7", limits=Limits(steps=2))
    with start(limited, tmp_path / "limit.jsonl") as episode:
        episode.run()
    wrong = "<think>x</think>\n<execute>\n1 / 0\n</execute>"
    nothing = "<think>x</think>\n<execute>\nx = 1\n</execute>"
    refused = "<execute>\ndef f(): pass\n</execute>"
    limits = Limits(repairs=1)
    for name, replies in (("failed", [wrong, refused, wrong]), ("finished", [wrong, nothing])):
        settings = Settings("household", "put:7", limits=limits)
        with start(settings, tmp_path / f"{name}.jsonl", Scripted(replies)) as episode:
            episode.run()
    runs = {run.path.stem: run for run in gather([tmp_path]).runs}
    assert {name: run.failure for name, run in runs.items()} == {
        "limit": "limit of steps",
        "failed": "failed: RepairsExhausted",
        "finished": "code came to its end",
    }
    assert runs["failed"].errors == {"ZeroDivisionError": 2, "refused reply": 1, "RepairsExhausted": 1}
    (group,) = [group for group in report_of(gather([tmp_path])).groups if group.model == "scripted"]
    assert group.errors["ZeroDivisionError"] == 3
    assert group.failures == {"code came to its end": 1, "failed: RepairsExhausted": 1}


def test_an_episode_that_waits_for_its_policy_is_unfinished_for_that_reason(tmp_path: Path) -> None:
    with (
        start(Settings("household", "put:7"), tmp_path / "a.jsonl", Scripted([])) as episode,
        pytest.raises(PolicyUnavailable),
    ):
        episode.run()
    assert [left.why for left in gather([tmp_path]).unfinished] == ["policy unavailable"]


def test_a_batch_says_kinds_and_how_many_have_not_begun(tmp_path: Path) -> None:
    manifest = plan_batch(Settings("household", ""), "test", count=8)
    with Batch(tmp_path, manifest) as batch:
        batch.run(BatchOptions(1, Budgets(calls=6), policy_of=lambda settings: HouseholdExpert()))
    corpus = gather([tmp_path])
    assert len(corpus.runs) + len(corpus.unfinished) + corpus.not_begun == 8
    assert corpus.not_begun >= 5
    kinds = {job.file: job.kind for job in manifest.jobs}
    assert all(run.kind == kinds[run.path.name] for run in corpus.runs)
    (tmp_path / "batch.json").write_text("{")
    assert len(gather([tmp_path]).runs) == len(corpus.runs)


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        ("put:7", "put"),
        ("pick_and_place_simple-Mug-Desk/trial_1", "pick_and_place_simple"),
        ("12", ""),
        ("", ""),
    ],
)
def test_without_a_manifest_a_kind_is_what_the_id_begins_with(task: str, kind: str) -> None:
    assert kind_in(task) == kind
