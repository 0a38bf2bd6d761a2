"""What is said where a re-execution leaves its recording: what differs, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import msgspec

from recode_core.errors import Diverged, WorldDiverged
from recode_core.events import ActionFinished, Event, WorldReset
from recode_core.values import Observation, shortened

_MOST = 1000  # characters of a list of fields

Told = Event | Observation
_ANSWERS = ActionFinished | WorldReset | Observation


def divergence(n: int, recorded: Told, actual: Told) -> Diverged:
    """That something else than record `n` came of a re-execution; told by its text, where that differs."""
    was, now = dict(_leaves(recorded)), dict(_leaves(actual))
    if type(recorded) is not type(actual):
        return Diverged(n, _listed(recorded, was), _listed(actual, now))
    kind = WorldDiverged if isinstance(actual, _ANSWERS) else Diverged
    differing = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    for name in differing:
        if name.rpartition(".")[2] == "text":
            texts = _lines(str(was.get(name)), str(now.get(name)))
            return kind(n, *(shortened(text, _MOST) for text in texts))
    return kind(n, _listed(recorded, _only(differing, was)), _listed(actual, _only(differing, now)))


def missing(n: int, recorded: Event, kind: str) -> Diverged:
    """That the run needs an input of some kind where record `n` is something else."""
    return Diverged(n, _listed(recorded, dict(_leaves(recorded))), f"{kind} would have to come next")


def _lines(was: str, now: str) -> tuple[str, str]:
    """The lines that differ in two texts, where each has several; else the texts."""
    left, right = was.splitlines(), now.splitlines()
    matched = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    changes = [change for change in matched if change[0] != "equal"]
    gone = " / ".join(line.strip() for _, start, end, _, _ in changes for line in left[start:end])
    come = " / ".join(line.strip() for *_, start, end in changes for line in right[start:end])
    return (gone, come) if min(len(left), len(right)) > 1 and gone != come else (was, now)


def _only(names: list[str], leaves: dict[str, Any]) -> dict[str, Any]:
    return {name: leaves[name] for name in names if name in leaves}


def _listed(told: Told, leaves: dict[str, Any]) -> str:
    place = getattr(told, "place", None)
    node = place.node if place is not None else getattr(told, "node", "")
    text = ", ".join(f"{name} {value!r}" for name, value in leaves.items() if not name.startswith("place."))
    where = f"{_tag(told)} at {node}" if node else _tag(told)
    return (f"{where}: {text}" if text else where)[:_MOST]


def _tag(told: Told) -> str:
    if isinstance(told, Observation):
        return "observation"
    return str(told.__struct_config__.tag).replace("_", " ")


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value in a value, with its path."""
    if isinstance(value, msgspec.Struct):
        for name, inner in msgspec.structs.asdict(value).items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{number}")
    else:
        yield path, value
