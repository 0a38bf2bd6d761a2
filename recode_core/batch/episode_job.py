"""One episode of a batch, started or resumed; a failure becomes its outcome."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from recode_core import episode
from recode_core.batch.budget import BatchStopped, BudgetedPolicy, CallBudget
from recode_core.batch.manifest import Job, Manifest
from recode_core.entry_points.calls import described, is_interrupt
from recode_core.episode import Episode, resolve
from recode_core.errors import CallBrokenOff, RecodeError
from recode_core.executor.run_state import RunState
from recode_core.policies.policy import Policy
from recode_core.result import Result
from recode_core.session import Settings
from recode_core.session.reading import read_header
from recode_core.values import clean

PolicyFactory = Callable[[Settings], Policy]
"""Makes the policy of one episode."""


class EpisodeOutcome(msgspec.Struct, frozen=True):
    """The outcome of an episode in one run of the batch.

    `status` is "ended"; "rests" if the batch stopped before the episode ended; or "failed" if environment,
    policy or file cannot be used. `error` then says why, with the traceback of an unexpected exception in
    `trace`. An episode whose world fails on closing has a `result` too. `notice` says that the recording
    continues in another file.
    """

    job: Job
    status: Literal["ended", "rests", "failed"]
    result: Result | None = None
    error: str = ""
    trace: str = ""
    notice: str = ""


class BatchContext(msgspec.Struct, frozen=True):
    """Data that all episodes of a batch share. `policy_of` replaces the policy that the settings name."""

    manifest: Manifest
    folder: Path
    repeat_action: bool = False
    policy_of: PolicyFactory | None = None


def run_episode(
    job: Job,
    context: BatchContext,
    budget: CallBudget,
    hold: Callable[[Policy], None] = lambda policy: None,
    on_stop: Callable[[RunState], None] = lambda state: None,
) -> EpisodeOutcome:
    """Start or resume an episode and run it. Errors become part of the outcome.

    `hold` is called with the policy, so that it can be aborted; `on_stop` may raise BatchStopped.
    """
    moved: list[str] = []
    outcome = _attempt(job, context, budget, hold, on_stop, moved.append)
    return msgspec.structs.replace(outcome, notice="\n".join(moved))


def _attempt(
    job: Job,
    context: BatchContext,
    budget: CallBudget,
    hold: Callable[[Policy], None],
    on_stop: Callable[[RunState], None],
    on_moved: Callable[[str], None],
) -> EpisodeOutcome:
    result: Result | None = None
    try:
        with _open_episode(job, context, budget, hold) as running:
            running.on_moved(on_moved)
            running.run(on_stop)
            result = running.result
        return EpisodeOutcome(job, "ended", result)
    except (BatchStopped, CallBrokenOff) as stopped:
        return EpisodeOutcome(job, "rests", error=clean(str(stopped)))
    except RecodeError as error:
        return EpisodeOutcome(job, "failed", result, clean(str(error)), trace=_trace(error.__cause__))
    except BaseException as error:  # an unforeseen error ends this episode only
        if is_interrupt(error):
            raise
        return EpisodeOutcome(job, "failed", error=described(error), trace=_trace(error))


def _trace(error: BaseException | None) -> str:
    return clean("".join(traceback.format_exception(error))) if error is not None else ""


def _open_episode(
    job: Job, context: BatchContext, budget: CallBudget, hold: Callable[[Policy], None]
) -> Episode:
    path = context.folder / job.file
    is_resumed = has_begun(path)
    settings = read_header(path).settings if is_resumed else context.manifest.settings_of(job)
    policy = BudgetedPolicy((context.policy_of or _configured_policy)(settings), budget)
    hold(policy)
    if is_resumed:
        most = context.manifest.settings.sandbox
        return episode.resume(path, policy, repeat_action=context.repeat_action, most=most)
    path.unlink(missing_ok=True)
    return episode.start(settings, path, policy, keep_empty=True)


def has_begun(path: Path) -> bool:
    """Return whether a session has a line. A process that is killed early leaves a file without any."""
    try:
        with path.open("rb") as file:
            return any(b"\n" in piece for piece in iter(lambda: file.read(1 << 16), b""))
    except FileNotFoundError:
        return False


def _configured_policy(settings: Settings) -> Policy:
    return resolve(settings).policy
