"""The expert's plans: the thought and the code for each of its placeholders."""

from __future__ import annotations

from string import Template

import msgspec

from recode_core.environments.household.expert import code
from recode_core.environments.household.expert.instruction import Instruction
from recode_core.environments.household.expert.search_priors import likely_places
from recode_core.environments.household.scene import GoalKind
from recode_core.policies.reply import ParsedReply


class RoomPlan(msgspec.Struct, frozen=True):
    """The expansions of a placeholder, at first and after a failure.

    `roles` are its parameters; the sources in `optional` are the defaults of the last ones. In a template,
    `$role` stands for the argument, in a thought for its value; `$result` stands for the assigned name.
    """

    roles: tuple[str, ...]
    first: ParsedReply
    again: ParsedReply
    optional: tuple[str, ...] = ()


_FIRST = "The room is listed in the observation; the likeliest places come first. "
_AGAIN = "That failed. What I did is not undone, so I look at what is in my hand first. "

_AIMS: dict[GoalKind, str] = {
    "put": "I find a $obj, take_call it and put it in the $target.",
    "clean": "I find a $obj, take_call it, clean it and put it in the $target.",
    "heat": "I find a $obj, take_call it, heat it and put it in the $target.",
    "cool": "I find a $obj, take_call it, cool it and put it in the $target.",
    "examine": "I find a $obj, take_call it and hold it under a $target that is on.",
    "puttwo": "Both must end in the same $target. I can hold one $obj, so I bring them one by one.",
}


def solution(task: Instruction) -> RoomPlan:
    """The plan of a whole task."""
    facts = {"obj": task.obj, "target": task.target, "likely": likely_places(task.obj)}
    aim = _AIMS[task.kind]

    def reply(thought: str, steps: str) -> ParsedReply:
        return ParsedReply(*(Template(text).safe_substitute(facts) for text in (thought, code.ROOM + steps)))

    return RoomPlan(
        ("instruction", "observation"),
        reply(
            _FIRST + aim,
            _steps(task.kind, "find_and_take(obj, locations, seen)", "bring(obj, place, locations, seen)"),
        ),
        reply(
            _AGAIN + aim,
            _steps(task.kind, "take_again(obj, locations)", "bring_again(obj, place, locations)"),
        ),
    )


def _steps(kind: GoalKind, take_call: str, bring_call: str) -> str:
    match kind:
        case "puttwo":
            others = "locations.remove(place)\n"
            return code.PLACE + others + f"{bring_call}\n" * 2
        case "examine":
            return f"lamp = '$target'\nobj_ID = {take_call}\nexamine_under(obj_ID, lamp, locations, seen)\n"
        case "put":
            treat = ""
        case _:
            treat = f"{kind}_object(obj_ID, locations)\n"
    return f"{code.PLACE}obj_ID = {take_call}\n{treat}put_object(obj_ID, place)\n"


def _treatment(verb: str, tool: str) -> RoomPlan:
    facts = {"verb": verb, "tool": tool}
    return RoomPlan(
        ("obj_ID", "locations"),
        ParsedReply(
            f"I hold $obj_ID. To {verb} it takes two actions at a {tool}.",
            Template(code.TREAT).safe_substitute(facts),
        ),
        ParsedReply(
            f"{_AGAIN}Then I try every {tool}.",
            Template(code.TREAT_AGAIN).safe_substitute(facts),
        ),
    )


_TAKE_AGAIN = ParsedReply(
    f"{_AGAIN}If it is no $obj, I put it down and search every place anew until I hold one.",
    code.TAKE_AGAIN,
)
_BRING_AGAIN = ParsedReply(f"{_AGAIN}Then I bring a $obj to $place.", code.BRING_AGAIN)
_VISIT = ParsedReply("I go there. If I am there already I look, and what is closed I open.", code.VISIT)

PLANS = {
    "find_and_take": RoomPlan(
        ("obj", "locations", "seen"),
        ParsedReply(
            "I visit the places in order, open what is closed and take_call the first $obj. "
            "Places where I have seen none are left out.",
            code.FIND_AND_TAKE,
        ),
        _TAKE_AGAIN,
        optional=("{}",),
    ),
    "take_again": RoomPlan(("obj", "locations"), _TAKE_AGAIN, _TAKE_AGAIN),
    "find": RoomPlan(
        ("obj", "locations", "seen"),
        ParsedReply("I go where I have seen a $obj, or on through the places until I see one.", code.FIND),
        ParsedReply("That failed, so I search every place anew, also where I have been.", code.FIND_AGAIN),
        optional=("{}",),
    ),
    "clean_object": _treatment("clean", "sinkbasin"),
    "heat_object": _treatment("heat", "microwave"),
    "cool_object": _treatment("cool", "fridge"),
    "put_object": RoomPlan(
        ("obj_ID", "place"),
        ParsedReply("I go to $place, make sure that it is open, and put $obj_ID there.", code.PUT),
        ParsedReply(f"{_AGAIN}Then I try $place once more.", code.PUT_AGAIN),
    ),
    "visit": RoomPlan(("place",), _VISIT, _VISIT),
    "bring": RoomPlan(
        ("obj", "place", "locations", "seen"),
        ParsedReply("One $obj at a time: find and take_call it, then put it in $place.", code.BRING),
        _BRING_AGAIN,
    ),
    "bring_again": RoomPlan(("obj", "place", "locations"), _BRING_AGAIN, _BRING_AGAIN),
    "examine_under": RoomPlan(
        ("obj_ID", "lamp", "locations", "seen"),
        ParsedReply("I hold $obj_ID. I find a $lamp and turn it on where it stands.", code.USE_LAMP),
        ParsedReply(f"{_AGAIN}Then I search for a $lamp anew.", code.USE_LAMP_AGAIN),
    ),
}
