"""Reads a real ALFWorld scene: a folder with `initial_state.pddl` and `traj_data.json`.

Names are those of ALFWorld's engine: the identifiers of a kind are sorted, and the first
gets the highest number (`AlfredDemangler`, alfworld 0.4.2). Lists have the same order.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import msgspec

from recode_core.decoding import in_plain_words
from recode_core.environments.household.goals import WORDINGS
from recode_core.environments.household.scene import (
    GoalKind,
    Item,
    Receptacle,
    RoomGoal,
    RoomState,
    Scene,
    Trait,
)
from recode_core.errors import UnknownTask

TASK_TYPES: dict[str, GoalKind] = {
    "pick_and_place_simple": "put",
    "pick_clean_then_place_in_recep": "clean",
    "pick_heat_then_place_in_recep": "heat",
    "pick_cool_then_place_in_recep": "cool",
    "look_at_obj_in_light": "examine",
    "pick_two_obj_and_place": "puttwo",
}

_TRAITS: dict[str, Trait] = {
    "pickupable": "pickupable",
    "heatable": "heatable",
    "coolable": "coolable",
    "cleanable": "cleanable",
    "sliceable": "sliceable",
    "toggleable": "toggleable",
    "isreceptacleobject": "container",
}


class _Targets(msgspec.Struct, frozen=True):
    object_target: str
    parent_target: str
    toggle_target: str
    object_sliced: bool = False


class _Trajectory(msgspec.Struct, frozen=True):
    task_type: str
    pddl_params: _Targets


class _Game(msgspec.Struct, frozen=True):
    grammar: str


def read_scene(folder: Path) -> Scene:
    """The scene in a folder. Raises UnknownTask if there is none, or if its goal is not of the six kinds."""
    try:
        facts = _Facts((folder / "initial_state.pddl").read_text(encoding="utf-8"))
        goal = _goal((folder / "traj_data.json").read_bytes())
        return facts.scene(goal, _instruction(folder, goal))
    except OSError as error:
        raise UnknownTask(
            f"{str(folder)!r} holds no ALFWorld scene: {error.filename}: {error.strerror}"
        ) from error
    except (ValueError, LookupError, msgspec.DecodeError) as error:
        raise UnknownTask(f"{str(folder)!r} holds no ALFWorld scene: {in_plain_words(error)}") from error


def _goal(trajectory: bytes) -> RoomGoal:
    read = msgspec.json.decode(trajectory, type=_Trajectory)
    kind, targets = TASK_TYPES.get(read.task_type), read.pddl_params
    if kind is None or targets.object_sliced:
        sort = f"{read.task_type!r} (sliced: {targets.object_sliced})"
        raise LookupError(f"{sort} is not among {list(TASK_TYPES)}")
    target = targets.toggle_target if kind == "examine" else targets.parent_target
    return RoomGoal(kind, targets.object_target.lower(), target.lower())


def _instruction(folder: Path, goal: RoomGoal) -> str:
    """The instruction in the game file if there is one, else the first wording of the goal."""
    game = folder / "game.tw-pddl"
    if game.exists():
        grammar = msgspec.json.decode(game.read_bytes(), type=_Game).grammar
        if found := re.search(r'"Your task is to: ([^"]*)"', grammar):
            return found[1]
    return WORDINGS[goal.kind][0].format(item=goal.item, target=goal.target)


class _Facts:
    """The initial facts of a problem, by predicate."""

    def __init__(self, problem: str) -> None:
        text = re.sub(r";.*", "", problem).lower()
        start = re.search(r"\(:init(.*?)\(:goal", text, re.DOTALL)
        if start is None:
            raise ValueError("initial_state.pddl has no part (:init …) before a part (:goal …)")
        self._facts: dict[str, list[list[str]]] = {}
        for predicate, arguments in re.findall(r"\((\w+)\s+([^()]*)\)", start[1]):
            self._facts.setdefault(predicate, []).append(arguments.split())
        self._names = _names({name for facts in self._facts.values() for fact in facts for name in fact})

    def scene(self, goal: RoomGoal, instruction: str) -> Scene:
        receptacles, items = self._receptacles(), self._items()
        return Scene(
            receptacles=receptacles,
            items=items,
            fitting=frozenset((_kind(r), _kind(i)) for r, i in self._facts.get("cancontain", [])),
            goal=goal,
            instruction=instruction,
            start=self._start(receptacles, items),
        )

    def _receptacles(self) -> dict[str, Receptacle]:
        places, openable = dict(self._pairs("receptacleatlocation")), self._marked("openable")
        return {
            name: Receptacle(_kind(kind), places[name], name in openable)
            for name, kind in self._pairs("receptacletype")
            if name in places
        }

    def _items(self) -> dict[str, Item]:
        marks = {trait: self._marked(predicate) for predicate, trait in _TRAITS.items()}
        inner = self._pairs("inreceptacleobject")
        return {
            name: Item(
                kind=_kind(kind),
                traits=frozenset(trait for trait, names in marks.items() if name in names),
                inner=tuple(inside for inside, outside in inner if outside == name),
            )
            for name, kind in self._pairs("objecttype")
        }

    def _start(self, receptacles: dict[str, Receptacle], items: dict[str, Item]) -> RoomState:
        return RoomState(
            place=self._facts["atlocation"][0][1],
            inside=frozenset(
                (i, r) for i, r in self._pairs("inreceptacle") if i in items and r in receptacles
            ),
            lying=frozenset(self._pairs("objectatlocation")),
            opened=self._marked("opened"),
            clean=self._marked("isclean"),
            hot=self._marked("ishot"),
            cool=self._marked("iscool"),
            sliced=self._marked("issliced"),
            lit=self._marked("istoggled"),
        )

    def _pairs(self, predicate: str) -> list[tuple[str, str]]:
        """Facts with two arguments, sorted by identifier. Things are renamed, places and kinds are not."""
        pairs = sorted((first, second) for first, second in self._facts.get(predicate, []))
        return [(self._names.get(a, a), self._names.get(b, b)) for a, b in pairs]

    def _marked(self, predicate: str) -> frozenset[str]:
        return frozenset(self._names.get(name, name) for (name,) in self._facts.get(predicate, []))


def _names(identifiers: set[str]) -> dict[str, str]:
    mangled = sorted(name for name in identifiers if "_bar_" in name and not name.startswith("loc_bar_"))
    prefixes = [name.split("_bar_", 1)[0] + "basin" * ("basin" in name) for name in mangled]
    left = Counter(prefixes)
    names = {}
    for identifier, prefix in zip(mangled, prefixes, strict=True):
        names[identifier] = f"{prefix} {left[prefix]}"
        left[prefix] -= 1
    return names


def _kind(pddl_type: str) -> str:
    return pddl_type.removesuffix("type")
