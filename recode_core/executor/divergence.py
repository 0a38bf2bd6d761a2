"""Errors for a replay that diverges from its recording; they show only the fields that differ."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import msgspec

from recode_core.errors import Diverged, WorldDiverged
from recode_core.events import ActionFinished, Event, WorldReset
from recode_core.values import Observation, shortened

_MAX_LENGTH = 1000  # characters of a list of fields

Compared = Event | Observation
_OBSERVATIONS = ActionFinished | WorldReset | Observation


def divergence(n: int, recorded: Compared, actual: Compared) -> Diverged:
    """The error for a replay that gave `actual` instead of record `n`; differing texts alone are shown."""
    was, now = dict(_leaves(recorded)), dict(_leaves(actual))
    if type(recorded) is not type(actual):
        return Diverged(n, _format(recorded, was), _format(actual, now))
    kind = WorldDiverged if isinstance(actual, _OBSERVATIONS) else Diverged
    differing = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    for name in differing:
        if name.rpartition(".")[2] == "text":
            texts = _lines(str(was.get(name)), str(now.get(name)))
            return kind(n, *(shortened(text, _MAX_LENGTH) for text in texts))
    return kind(n, _format(recorded, _only(differing, was)), _format(actual, _only(differing, now)))


def missing(n: int, recorded: Event, kind: str) -> Diverged:
    """The error that the run needs an input of a kind and record `n` is of another kind."""
    return Diverged(n, _format(recorded, dict(_leaves(recorded))), f"expected {kind}")


def _lines(was: str, now: str) -> tuple[str, str]:
    """The differing lines of two texts that have several lines; otherwise the texts themselves."""
    left, right = was.splitlines(), now.splitlines()
    matched = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    changes = [change for change in matched if change[0] != "equal"]
    gone = " / ".join(line.strip() for _, start, end, _, _ in changes for line in left[start:end])
    come = " / ".join(line.strip() for *_, start, end in changes for line in right[start:end])
    return (gone, come) if min(len(left), len(right)) > 1 and gone != come else (was, now)


def _only(names: list[str], leaves: dict[str, Any]) -> dict[str, Any]:
    return {name: leaves[name] for name in names if name in leaves}


def _format(value: Compared, leaves: dict[str, Any]) -> str:
    place = getattr(value, "place", None)
    node = place.node if place is not None else getattr(value, "node", "")
    text = ", ".join(f"{name} {value!r}" for name, value in leaves.items() if not name.startswith("place."))
    where = f"{_tag(value)} at {node}" if node else _tag(value)
    return (f"{where}: {text}" if text else where)[:_MAX_LENGTH]


def _tag(value: Compared) -> str:
    if isinstance(value, Observation):
        return "observation"
    return str(value.__struct_config__.tag).replace("_", " ")


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The plain values inside a value, each with its path."""
    if isinstance(value, msgspec.Struct):
        for name, inner in msgspec.structs.asdict(value).items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}.{number}")
    else:
        yield path, value
