"""A batch plays what is not finished, and nothing twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.batch import Batch, BatchOptions, Budgets, Progress, plan_batch
from recode_core.batch.budget import BatchStopped, BudgetLedger
from recode_core.batch.manifest import load
from recode_core.environments.household.expert import HouseholdExpert
from recode_core.environments.household.task_id import scene_of
from recode_core.environments.household.world import HouseholdWorld
from recode_core.errors import EnvironmentUnavailable, RecodeError, SessionBusy, SessionError
from recode_core.events import CallFailed, ExpansionReplied
from recode_core.executor.limits import Limits, Spent
from recode_core.policies.policy import Reply, Request
from recode_core.report.runs import gather
from recode_core.session import Settings, read
from recode_core.values import Usage
from tests.batch.conftest import BEGUN, HangingExpert
from tests.support.waiting import PATIENCE

RunBatch = Callable[..., Progress]
SETTINGS = Settings("household", "")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.jsonl")}


def instruction_of(task: str) -> str:
    return scene_of(task).instruction


def test_every_task_has_a_session_file_and_the_manifest_says_which(run_batch: RunBatch, folder: Path) -> None:
    progress = run_batch(6)
    assert (progress.total, progress.finished, progress.solved, progress.why) == (6, 6, 6, "")
    manifest = load(folder)
    assert manifest is not None
    tasks = {job.file: job.task for job in manifest.jobs}
    assert {path.name: read(path).header.settings.task for path in folder.glob("*.jsonl")} == tasks
    assert {job.kind for job in manifest.jobs} <= {"put", "clean", "heat", "cool", "examine", "puttwo"}


@pytest.mark.slow
def test_the_same_batch_again_runs_nothing(run_batch: RunBatch, folder: Path) -> None:
    first = run_batch(4)
    before = contents(folder)
    again = run_batch(4)
    assert contents(folder) == before
    assert (again.finished, again.calls) == (4, first.calls)
    assert again.cost_usd == pytest.approx(first.cost_usd)


def test_what_was_spent_is_the_sum_of_all_sessions(run_batch: RunBatch) -> None:
    progress = run_batch(3)
    assert progress.calls > 3
    assert progress.tokens == 100 * progress.calls
    assert progress.cost_usd == pytest.approx(0.01 * progress.calls)


@pytest.mark.slow
def test_a_budget_of_calls_is_kept_to_the_call_and_raised_goes_on(run_batch: RunBatch, folder: Path) -> None:
    progress = run_batch(6, Budgets(calls=7))
    assert (progress.calls, progress.is_complete) == (7, False)
    assert progress.why == "the batch's budget of 7 calls is reached"
    assert progress.failures == ()
    through = run_batch(6)
    assert through.is_complete
    replies = [
        record.event
        for path in folder.glob("*.jsonl")
        for record in read(path).records
        if isinstance(record.event, ExpansionReplied)
    ]
    assert len(replies) == through.calls


@pytest.mark.parametrize(
    ("budgets", "why"),
    [
        (Budgets(tokens=500), "500 tokens"),
        (Budgets(cost_usd=0.05), "0.05 US dollars"),
        (Budgets(seconds=0), "0 seconds"),
    ],
)
def test_other_budgets_stop_it_before_the_next_call(run_batch: RunBatch, budgets: Budgets, why: str) -> None:
    progress = run_batch(6, budgets, at_once=2)
    assert progress.why == f"the batch's budget of {why} is reached"
    assert progress.calls <= 5 + 1  # one more may have been under way
    assert not progress.is_complete


def test_a_budget_of_cost_is_not_pretended_where_a_price_is_unknown(run_batch: RunBatch) -> None:
    progress = run_batch(6, Budgets(cost_usd=5), at_once=1, usage=Usage(prompt_tokens=9, cost_usd=None))
    assert progress.calls == 1
    assert "price of a call is unknown" in progress.why


def test_what_earlier_goes_spent_counts_against_a_budget(run_batch: RunBatch) -> None:
    run_batch(6, Budgets(calls=7))
    assert run_batch(6, Budgets(calls=7)).calls == 7


def test_a_policy_that_fails_one_episode_does_not_end_the_others(run_batch: RunBatch, folder: Path) -> None:
    manifest = plan_batch(SETTINGS, "test", count=6)
    job = manifest.jobs[2]
    instruction = instruction_of(job.task)
    others = sum(instruction_of(job.task) != instruction for job in manifest.jobs)
    progress = run_batch(6, refused=instruction)
    assert progress.finished == others
    assert job.task in {played.job.task for played in progress.failures}
    assert {played.error for played in progress.failures} == {"the policy is out"}
    assert isinstance(read(folder / job.file).records[-1].event, CallFailed)
    journal = [json.loads(line) for line in (folder / "batch.log").read_text().splitlines()]
    assert {row["error"] for row in journal if row["what"] == "failed"} == {"the policy is out"}
    assert run_batch(6).is_complete


@pytest.mark.slow_variants
@pytest.mark.parametrize("fault", [EnvironmentUnavailable("the world is gone"), ZeroDivisionError("oops")])
def test_a_world_that_fails_ends_its_episode_only(
    run_batch: RunBatch, folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    manifest = plan_batch(SETTINGS, "test", count=5)
    broken = manifest.jobs[1].task
    step = HouseholdWorld.step
    scenes = {instruction_of(broken)}

    def breaks(self: HouseholdWorld, action: str) -> object:
        if self.instruction in scenes:
            raise fault
        return step(self, action)

    monkeypatch.setattr(HouseholdWorld, "step", breaks)
    progress = run_batch(5)
    assert progress.failures
    assert progress.finished == 5 - len(progress.failures)
    assert all(str(fault) in played.error for played in progress.failures)
    monkeypatch.undo()
    assert run_batch(5).is_complete


def test_a_policy_with_a_fault_of_its_own_ends_its_episode_only(folder: Path) -> None:
    class Faulty(HouseholdExpert):
        def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
            raise ZeroDivisionError("oops")

    with Batch(folder, plan_batch(SETTINGS, "test", count=2)) as batch:
        first = batch.manifest.jobs[0].task
        made = {True: Faulty, False: HouseholdExpert}
        progress = batch.run(BatchOptions(2, policy_of=lambda settings: made[settings.task == first]()))
    assert progress.finished == 1
    (failed,) = progress.failures
    assert failed.job.task == first
    assert failed.error.startswith("the policy failed in expand: ZeroDivisionError: oops (File ")
    assert 'raise ZeroDivisionError("oops")' in failed.trace


def test_a_session_that_is_damaged_is_a_failure_and_is_left_as_it_is(
    run_batch: RunBatch, folder: Path
) -> None:
    run_batch(3)
    path = sorted(folder.glob("*.jsonl"))[0]
    path.write_bytes(b"not a session\n")
    progress = run_batch(3)
    assert (progress.finished, [played.job.file for played in progress.failures]) == (2, [path.name])
    assert path.read_bytes() == b"not a session\n"


@pytest.mark.slow
def test_a_session_without_a_whole_line_is_begun_anew(run_batch: RunBatch, folder: Path) -> None:
    run_batch(3)
    for path, rest in zip(sorted(folder.glob("*.jsonl")), (b"", b'{"format": "rec', None), strict=True):
        if rest is not None:
            path.write_bytes(rest)
    assert run_batch(3).solved == 3


@pytest.mark.slow
def test_another_batch_does_not_go_into_the_same_folder(run_batch: RunBatch, folder: Path) -> None:
    run_batch(2)
    with pytest.raises(SessionError, match="another batch, with 2 tasks, not 3"):
        run_batch(3)
    other = plan_batch(Settings("household", "", limits=Limits(steps=3)), "test", count=2)
    with pytest.raises(SessionError, match=r'limits .*"steps":null.*, not .*"steps":3'):
        Batch(folder, other)


def test_a_folder_of_other_sessions_is_not_taken_for_a_batch(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.jsonl").write_text("{}\n")
    with pytest.raises(SessionError, match="belong to no batch"):
        Batch(folder, plan_batch(SETTINGS, "test", count=2))
    with pytest.raises(SessionError, match=r"contains no batch"):
        Batch(folder)


def test_a_batch_is_played_by_one_process_at_a_time(folder: Path) -> None:
    with Batch(folder, plan_batch(SETTINGS, "test", count=2)), pytest.raises(SessionBusy):
        Batch(folder)


@pytest.mark.slow
def test_a_choice_of_tasks_depends_on_the_seed_alone() -> None:
    one, same = (plan_batch(SETTINGS, "test", count=10) for _ in range(2))
    assert one.jobs == same.jobs
    order = [job.task for job in plan_batch(SETTINGS, "test").jobs]
    assert sorted((job.task for job in one.jobs), key=order.index) == [job.task for job in one.jobs]
    with pytest.raises(RecodeError, match="there are 180 tasks to choose from, not 181"):
        plan_batch(SETTINGS, "test", count=181)


def test_a_task_may_be_given_several_times(folder: Path) -> None:
    with Batch(folder, plan_batch(SETTINGS, tasks=["put:7", "put:7"])) as batch:
        assert batch.run(BatchOptions(2)).solved == 2
    assert len(contents(folder)) == 2


def test_an_id_that_is_a_path_makes_a_name_in_the_folder() -> None:
    (job,) = plan_batch(SETTINGS, tasks=["scene:../a b/ünder:c"]).jobs
    assert job.file == "0001-scene-..-a-b-nder-c.jsonl"
    assert job.task.startswith("scene:/")


def test_a_manifest_that_names_a_file_elsewhere_is_refused(folder: Path, run_batch: RunBatch) -> None:
    run_batch(1)
    path = folder / "batch.json"
    path.write_text(path.read_text().replace('"file": "', '"file": "../'))
    with pytest.raises(SessionError, match="is not the name of a file"):
        Batch(folder)


def test_a_batch_cannot_ask_a_person() -> None:
    with pytest.raises(RecodeError, match="cannot ask a person"):
        plan_batch(Settings("household", "", "human"), "test", count=1)


class MeetingExpert(HouseholdExpert):
    """Waits at its first call until the experts of all episodes have been called."""

    def __init__(self, meeting: threading.Barrier) -> None:
        super().__init__()
        self._meeting: threading.Barrier | None = meeting

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        if self._meeting:
            self._meeting.wait()
            self._meeting = None
        return super().expand(request, stream)


def test_episodes_that_wait_do_not_stall_each_other(folder: Path) -> None:
    meeting = threading.Barrier(8, timeout=PATIENCE)
    with Batch(folder, plan_batch(SETTINGS, "test", count=8)) as batch:
        progress = batch.run(BatchOptions(8, policy_of=lambda settings: MeetingExpert(meeting)))
    assert [(played.error, played.trace) for played in progress.failures] == []
    assert progress.finished == 8


def test_what_is_told_ends_with_everything_and_estimates_what_is_left(folder: Path) -> None:
    told: list[Progress] = []
    with Batch(folder, plan_batch(SETTINGS, "test", count=4)) as batch:
        batch.run(BatchOptions(1), told.append)
    assert (told[0].finished, told[0].eta, told[-1].finished) == (0, None, 4)
    halfway = next(progress for progress in told if progress.finished == 2)
    assert halfway.eta == pytest.approx(halfway.seconds)


def test_an_interrupt_breaks_off_calls_which_are_made_anew(folder: Path) -> None:
    made: list[HangingExpert] = []
    interrupted: list[Progress] = []

    def hanging(settings: Settings) -> HangingExpert:
        made.append(HangingExpert())
        return made[-1]

    def interrupt(progress: Progress) -> None:
        if not interrupted and sum(policy.calls for policy in made) == 3:
            interrupted.append(progress)
            raise KeyboardInterrupt

    with Batch(folder, plan_batch(SETTINGS, "test", count=5)) as batch:
        with pytest.raises(KeyboardInterrupt):
            batch.run(BatchOptions(3, policy_of=hanging), interrupt)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("episode-")]
    assert b"expansion_replied" not in b"".join(contents(folder).values())
    records = [record for path in folder.glob("*.jsonl") for record in read(path).records]
    failed = [record.event for record in records if isinstance(record.event, CallFailed)]
    assert [(event.usage, event.by) for event in failed] == [(BEGUN, "user")] * 3
    assert {left.why for left in gather([folder]).unfinished} == {"broken off"}
    assert not list(folder.glob(".*.lock"))
    with Batch(folder) as batch:
        through = batch.run(BatchOptions(3))
    assert (through.solved, through.tokens) == (5, 3 * 40)


def test_a_call_without_a_reply_is_given_back() -> None:
    ledger = BudgetLedger(Budgets(calls=2), Spent(calls=1))
    assert not ledger.reserve()
    assert ledger.reserve()
    ledger.refund(Usage())
    assert not ledger.reserve()
    ledger.commit(Usage())
    assert (ledger.spent().calls, ledger.reserve()) == (2, "the batch's budget of 2 calls is reached")
    assert issubclass(BatchStopped, RecodeError)


def test_what_a_call_without_a_reply_took_counts_against_a_budget() -> None:
    ledger = BudgetLedger(Budgets(tokens=100))
    assert not ledger.reserve()
    ledger.refund(Usage(prompt_tokens=90, completion_tokens=10, cost_usd=0.01))
    assert (ledger.spent().calls, ledger.spent().tokens, ledger.spent().cost_usd) == (0, 100, 0.01)
    assert ledger.reserve() == "the batch's budget of 100 tokens is reached"
