"""Finished runs, as training data is taken from them: by their reward, the best first."""

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
from recode_core.session.catalog import Entry, completed, entry_of, listed

Aside = Literal["", "damaged", "imported", "unfinished", "not among the best", "below the threshold"]
"""Why nothing is taken from a session; empty where something is. Imported runs have no prompts."""


class Trajectory(msgspec.Struct, frozen=True):
    """The run that a session's current branch is; `kind` is its task's, as in reports."""

    path: Path
    id: str
    environment: str
    agent: str
    task: str
    kind: str
    is_imported: bool
    result: Result


def sessions_in(places: Iterable[Path]) -> list[Entry]:
    """The sessions of folders and those that are named, each once. Raises SessionError."""
    found: dict[Path, Entry] = {}
    for place in places:
        if place.is_dir():
            entries = sorted(listed(place), key=lambda entry: entry.path.name)
            if not entries:
                raise SessionError(f"{place} holds no session: name a folder with .jsonl files in it")
        else:
            entries = [entry_of(place)]
        for entry in entries:
            found.setdefault(entry.path.resolve(), entry)
    return list(found.values())


def trajectory_of(entry: Entry) -> Trajectory | None:
    """What came of a session; None where it is damaged."""
    entry = completed(entry)
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


def set_aside(
    trajectories: Sequence[Trajectory], top: float | None, least: float | None
) -> dict[Path, Aside]:
    """Which runs are left out and why: those that are not among the best `top` percent of their
    environment and agent, or whose reward is below the `least`.

    Of equal reward the one whose file comes first is taken: to prefer the shorter would prefer some tasks.
    """
    groups: defaultdict[tuple[str, str], list[Trajectory]] = defaultdict(list)
    aside: dict[Path, Aside] = {}
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
    """The kinds of tasks by the names of their sessions' files, where the folder is a batch's."""
    try:
        manifest = load(folder)
    except SessionError:
        return {}
    return {job.file: job.kind for job in manifest.jobs} if manifest is not None else {}
