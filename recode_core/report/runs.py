"""Collect the finished runs in folders of sessions, with the facts that a report needs.

Unreadable and unfinished sessions are listed and counted; they are not errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from recode_core import protocol
from recode_core.batch import manifest as manifests
from recode_core.environments import guard
from recode_core.environments.environment import TaskTraits
from recode_core.environments.registry import environment
from recode_core.errors import NotASession, RecodeError, SessionError
from recode_core.events import (
    CallFailed,
    EpisodeFinished,
    Event,
    ExpansionAccepted,
    ExpansionRefused,
    ExpansionReplied,
    LimitRaised,
    StatementFailed,
    WorldFailed,
)
from recode_core.log import MAIN
from recode_core.report.list_prices import at_list_prices
from recode_core.result import Result, result_of
from recode_core.session import Session, Settings, read
from recode_core.session.catalog import scan

REFUSED = "refused reply"
"""The name of a reply that broke a rule, in the error counts."""

CUT = {
    "length": "reply cut at the token limit",
    "refusal": "reply refused by the model or a filter",
    "cut": "reply that ended too early",
    "aborted": "reply broken off",
}
"""The names of incomplete replies in the error counts, by their `finish`."""


class FinishedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run. `failure` is the reason why it is not solved, or empty.

    `expansions` counts the accepted expansions; `statements` and `placeholders` are means per expansion.
    `errors` counts failures and refused replies, repaired or not. `kind`, `split`, `seen` and `in_paper`
    are traits of the task. `departures` are the differences from the protocol of the ReCode paper.
    `chosen_from` is the fingerprint of the tasks that its batch was sampled from. `list_usd` is the cost at
    list prices without a discount for cached tokens, None if unknown.
    """

    path: Path
    environment: str
    kind: str
    task: str
    agent: str
    policy: str
    model: str
    result: Result
    failure: str
    expansions: int
    statements: float
    placeholders: float
    errors: dict[str, int]
    branches: int
    split: str = ""
    seen: str = ""
    in_paper: bool = True
    departures: tuple[str, ...] = ()
    chosen_from: str = ""
    list_usd: float | None = None


class Excluded(msgspec.Struct, frozen=True):
    """A session that is excluded from the report, and why. Unknown fields are empty."""

    path: Path
    why: str
    environment: str = ""
    agent: str = ""
    model: str = ""


class RunCollection(msgspec.Struct, frozen=True):
    """The runs and the excluded sessions. `not_begun` counts tasks of batches without a session file."""

    runs: tuple[FinishedRun, ...]
    unfinished: tuple[Excluded, ...]
    damaged: tuple[Excluded, ...]
    not_begun: int


def gather(places: Iterable[Path]) -> RunCollection:
    """Collect the runs in folders and session files. Raises SessionError for a missing path."""
    jobs: dict[Path, _Job] = {}
    runs: list[FinishedRun] = []
    unfinished: list[Excluded] = []
    damaged: list[Excluded] = []
    for path in _paths(places, jobs):
        try:
            session = read(path)
            if session.damage:  # only a part of the run can be read
                raise NotASession(session.notice)
            job = jobs.get(path.resolve(), _Job())
            run = run_of(session, job.kind, job.chosen_from)
        except SessionError as error:
            damaged.append(Excluded(path, str(error).removeprefix(f"{path} ")))
            continue
        if isinstance(run, FinishedRun):
            runs.append(run)
        else:
            unfinished.append(run)
    not_begun = sum(not path.exists() for path in jobs)
    return RunCollection(tuple(runs), tuple(unfinished), tuple(damaged), not_begun)


class _Job(msgspec.Struct, frozen=True):
    """Facts about an episode from the manifest of its batch."""

    kind: str = ""
    chosen_from: str = ""


def run_of(session: Session, kind: str = "", chosen_from: str = "") -> FinishedRun | Excluded:
    """The run of a session's current branch; `kind` is the kind of its task, if a batch manifest has it.

    Raises NotASession if its records are inconsistent.
    """
    timeline = session.timeline()
    result, settings = result_of(timeline), session.header.settings
    events = [record.event for record in timeline.records]
    if result.outcome is None:
        why = _standstill(events)
        return Excluded(session.path, why, settings.environment, _agent(settings), settings.model)
    traits = _traits(settings)
    accepted = [event for event in events if isinstance(event, ExpansionAccepted)]
    children = [len(event.children) for event in accepted]
    placeholders = [sum(c.kind == "placeholder" for c in event.children) for event in accepted]
    return FinishedRun(
        path=session.path,
        environment=settings.environment,
        kind=kind or traits.kind or manifests.kind_in(settings.task),
        task=settings.task,
        agent=_agent(settings),
        policy=settings.policy,
        model=settings.model,
        result=result,
        failure=_failure(result, events),
        expansions=len(accepted),
        statements=sum(children) / len(accepted) if accepted else 0.0,
        placeholders=sum(placeholders) / len(accepted) if accepted else 0.0,
        errors=dict(Counter(_errors(events))),
        branches=len(session.log().branches),
        split=traits.split,
        seen=traits.seen,
        in_paper=traits.in_paper,
        departures=(*protocol.departures(settings), *_by_hand(session, events)),
        chosen_from=chosen_from,
        list_usd=at_list_prices(events, settings.model, str(settings.sampling.get("base_url", ""))),
    )


def _agent(settings: Settings) -> str:
    """The name of the agent, with that of the user's prompt set if there is one."""
    prompts = settings.prompts
    return settings.agent if prompts is None else f"{settings.agent} with prompts {prompts.name}"


def _traits(settings: Settings) -> TaskTraits:
    """The traits of a task; unknown if the environment is not installed."""
    try:
        return guard.task_traits(environment(settings.environment), settings.task)
    except RecodeError:
        return TaskTraits()


def _by_hand(session: Session, events: list[Event]) -> Iterable[str]:
    """The changes that a user made to a run."""
    if any(isinstance(event, LimitRaised) for event in events):
        yield "limits changed on the way"
    if (branch := session.log().branch) != MAIN:
        yield f"changed by hand, on branch {branch}"


def _paths(places: Iterable[Path], jobs: dict[Path, _Job]) -> list[Path]:
    """The session files, each once. Fills `jobs` from batch manifests."""
    found: dict[Path, Path] = {}
    for place in places:
        if place.is_dir():
            manifest = _manifest(place)
            if manifest is not None:
                for job in manifest.jobs:
                    jobs[(place / job.file).resolve()] = _Job(job.kind, manifest.fingerprint)
            paths = sorted(entry.path for entry in scan(place))
        elif place.exists():
            paths = [place]
        else:
            raise SessionError(f"{place} does not exist: name a folder of sessions, or a session")
        for path in paths:
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _manifest(folder: Path) -> manifests.Manifest | None:
    """The manifest of a batch's folder; None if there is none, or if it cannot be read."""
    try:
        return manifests.load(folder)
    except SessionError:
        return None


def _standstill(events: list[Event]) -> str:
    match events[-1] if events else None:
        case CallFailed(by="policy"):
            return "policy unavailable"
        case WorldFailed():
            return "environment unavailable"
        case _:
            return "broken off"


def _failure(result: Result, events: list[Event]) -> str:
    match result.outcome:
        case "solved" | None:
            return ""
        case "limit":
            return f"limit of {result.limit}"
        case "done":
            return "ended by the world"
        case "finished":
            return "code came to its end"
        case "failed":
            ends = [event for event in events if isinstance(event, EpisodeFinished)]
            return f"failed: {ends[-1].detail.partition(':')[0] or 'unknown'}"


def _errors(events: list[Event]) -> Iterable[str]:
    finish = ""
    for event in events:
        match event:
            case StatementFailed(failure=failure):
                yield failure.type
            case ExpansionReplied(finish=finish):
                pass
            case ExpansionRefused():
                yield CUT.get(finish, REFUSED)
