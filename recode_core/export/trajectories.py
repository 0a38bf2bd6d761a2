"""Finished runs, as training data is taken from them: by their reward, the best first."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from recode_core.environments.registry import environment
from recode_core.errors import RecodeError, SessionError
from recode_core.result import Result
from recode_core.session.catalog import Entry, completed, listed
from recode_core.session.reading import read_header

Aside = Literal["", "damaged", "imported", "unfinished", "not among the best", "below the threshold"]
"""Why nothing is taken from a session; empty where something is. Imported runs have no prompts."""


class Trajectory(msgspec.Struct, frozen=True):
    """The run that a session's current branch is; `kind` is its task's, where the environment says one."""

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
            header = read_header(place)
            state = place.stat()
            entries = [Entry(place, state.st_size, state.st_mtime_ns, header)]
        for entry in entries:
            found.setdefault(entry.path.resolve(), entry)
    return list(found.values())


def trajectory_of(entry: Entry) -> Trajectory | None:
    """What came of a session; None where it is damaged."""
    entry = completed(entry)
    if entry.header is None or entry.result is None:
        return None
    settings = entry.header.settings
    return Trajectory(
        entry.path,
        entry.header.id,
        settings.environment,
        settings.agent,
        settings.task,
        _kinds(settings.environment).get(settings.task, ""),
        bool(entry.header.imported),
        entry.result,
    )


def set_aside(
    trajectories: Sequence[Trajectory], top: float | None, least: float | None
) -> dict[Path, Aside]:
    """Which runs are left out and why: those that are not among the best `top` percent of their
    environment and agent, or whose reward is below the `least`.

    Of equal reward the shorter run is the better one, then the one whose file comes first.
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
        group.sort(key=lambda each: (-each.result.score, each.result.steps, each.path.name))
        count = len(group) if top is None else math.ceil(len(group) * top / 100)
        aside |= {each.path: "not among the best" for each in group[count:]}
        if least is not None:
            low = (each.path for each in group[:count] if each.result.score < least)
            aside |= dict.fromkeys(low, "below the threshold")
    return aside


@functools.cache
def _kinds(name: str) -> dict[str, str]:
    """The kind of every task of an environment; empty where it can't be had here."""
    try:
        return {task.id: task.kind for task in environment(name).tasks()}
    except RecodeError:
        return {}
