"""Selection of finished runs for training data, by reward."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from recode_core.batch.manifest import kind_in, load
from recode_core.errors import SessionError
from recode_core.result import Result
from recode_core.session.catalog import SessionEntry, entry_of, load_result, scan

ExclusionReason = Literal[
    "", "damaged", "imported", "unfinished", "not among the best", "below the threshold"
]
"""Why a session is excluded; empty if it is not. Imported runs have no prompts."""


class Trajectory(msgspec.Struct, frozen=True):
    """The run of a session's current branch; `kind` is that of its task, as in reports."""

    path: Path
    id: str
    environment: str
    agent: str
    task: str
    kind: str
    is_imported: bool
    result: Result


def sessions_in(places: Iterable[Path]) -> list[SessionEntry]:
    """The sessions in folders and files, each once. Raises SessionError."""
    found: dict[Path, SessionEntry] = {}
    for place in places:
        if place.is_dir():
            entries = sorted(scan(place), key=lambda entry: entry.path.name)
            if not entries:
                raise SessionError(f"{place} holds no session: name a folder with .jsonl files in it")
        else:
            entries = [entry_of(place)]
        for entry in entries:
            found.setdefault(entry.path.resolve(), entry)
    return list(found.values())


def trajectory_of(entry: SessionEntry) -> Trajectory | None:
    """The run of a session; None if it is damaged."""
    entry = load_result(entry)
    if entry.header is None or entry.result is None or entry.error:
        return None
    settings = entry.header.settings
    return Trajectory(
        entry.path,
        entry.header.id,
        settings.environment,
        settings.agent,
        settings.task,
        _kinds(entry.path.parent).get(entry.path.name, "") or kind_in(settings.task),
        bool(entry.header.imported),
        entry.result,
    )


def exclusions(
    trajectories: Sequence[Trajectory], top: float | None, least: float | None
) -> dict[Path, ExclusionReason]:
    """The excluded runs with their reasons.

    A run is excluded if it is not among the best `top` percent of its environment and agent, or if its
    reward is below `least`. Ties are broken by file name; preferring shorter runs would favour easier
    tasks.
    """
    groups: defaultdict[tuple[str, str], list[Trajectory]] = defaultdict(list)
    aside: dict[Path, ExclusionReason] = {}
    for trajectory in trajectories:
        if trajectory.is_imported:
            aside[trajectory.path] = "imported"
        elif trajectory.result.outcome is None:
            aside[trajectory.path] = "unfinished"
        else:
            groups[trajectory.environment, trajectory.agent].append(trajectory)
    for group in groups.values():
        group.sort(key=lambda each: (-(each.result.score or 0.0), each.path.name))
        count = len(group) if top is None else math.ceil(len(group) * top / 100)
        aside |= {each.path: "not among the best" for each in group[count:]}
        if least is not None:
            low = (each.path for each in group[:count] if (each.result.score or 0.0) < least)
            aside |= dict.fromkeys(low, "below the threshold")
    return aside


@functools.cache
def _kinds(folder: Path) -> dict[str, str]:
    """The kinds of tasks by session file name, if the folder is that of a batch."""
    try:
        manifest = load(folder)
    except SessionError:
        return {}
    return {job.file: job.kind for job in manifest.jobs} if manifest is not None else {}
