"""Parses the instruction of a household task."""

from __future__ import annotations

import re

import msgspec

from recode_core.environments.household.scene import GoalKind

_THING = r"(?:an? |some |the )?(?P<obj>.+?)"
_PLACE = r"(?:in|on|into|onto|to) (?:an? |some |the )?(?P<target>.+?)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:look at|examine) {_THING} (?:under|with|by|using) (?:an? |the )?(?P<target>.+lamp)",
        rf"(?:find|take|get) two (?P<two>.+?) and (?:put|place) them {_PLACE}",
        rf"(?:put|place) two (?P<two>.+?) {_PLACE}",
        rf"(?P<treatment>clean|heat|cool) {_THING} and (?:put|place) it {_PLACE}",
        rf"(?:put|place) (?:an? |some |the )?(?P<state>clean|hot|cool) (?P<obj>.+?) {_PLACE}",
        rf"(?:put|place) {_THING} {_PLACE}",
    )
)
_KIND_OF_STATE: dict[str, GoalKind] = {
    "clean": "clean",
    "heat": "heat",
    "hot": "heat",
    "cool": "cool",
}


class Instruction(msgspec.Struct, frozen=True):
    """A parsed instruction. `target` is the kind of receptacle to end in, or of lamp to look under."""

    kind: GoalKind
    obj: str
    target: str


def read_instruction(text: str) -> Instruction | None:
    """Parse the task in `text`, in any of ALFWorld's wordings; None if it is none of them."""
    task = text.partition("Your task is to:")[2] or text
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(task.strip().rstrip(".")):
            groups = match.groupdict()
            obj = groups.get("obj") or groups["two"]
            return Instruction(_kind(groups), obj.replace(" ", ""), groups["target"].replace(" ", ""))
    return None


def _kind(groups: dict[str, str]) -> GoalKind:
    if "two" in groups:
        return "puttwo"
    if state := groups.get("state") or groups.get("treatment"):
        return _KIND_OF_STATE[state.lower()]
    return "examine" if groups["target"].endswith("lamp") else "put"
