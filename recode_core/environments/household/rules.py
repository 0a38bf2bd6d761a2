"""The effect of each command, as in ALFWorld's planning domain (alfworld 0.4.2)."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from recode_core.environments.household import texts
from recode_core.environments.household.scene import RoomState, Scene, Trait


class Response(msgspec.Struct, frozen=True):
    """The answer to a command, and the state after it."""

    text: str
    state: RoomState


def perform(scene: Scene, state: RoomState, command: str) -> Response:
    """Perform one command. One that is unknown or impossible changes nothing ("Nothing happens.")."""
    nothing = Response(texts.NOTHING_HAPPENS, state)
    for pattern, verb in _VERBS:
        if match := pattern.fullmatch(command.strip()):
            return verb(scene, state, *match.groups()) or nothing
    return nothing


def _look_around(scene: Scene, state: RoomState) -> Response:
    return Response(texts.surroundings(scene, state), state)


def _inventory(scene: Scene, state: RoomState) -> Response:
    return Response(texts.inventory(state), state)


def _help(scene: Scene, state: RoomState) -> Response:
    return Response(texts.HELP, state)


def _go_to(scene: Scene, state: RoomState, name: str) -> Response | None:
    if name not in scene.receptacles or _is_here(scene, state, name):
        return None
    after = replace(state, place=scene.receptacles[name].place)
    return Response(f"You arrive at {name}. {texts.contents(scene, after, name)}", after)


def _open(scene: Scene, state: RoomState, name: str) -> Response | None:
    if not _is_here(scene, state, name) or _is_accessible(scene, state, name):
        return None
    after = replace(state, opened=state.opened | {name})
    return Response(f"You open the {name}. {texts.contents(scene, after, name)}", after)


def _close(scene: Scene, state: RoomState, name: str) -> Response | None:
    if not _is_here(scene, state, name) or name not in state.opened:
        return None
    return Response(f"You close the {name}.", replace(state, opened=state.opened - {name}))


def _examine(scene: Scene, state: RoomState, name: str) -> Response | None:
    if _is_here(scene, state, name):
        return Response(texts.contents(scene, state, name), state)
    # The domain means to allow items within reach too, but a stray comma in it allows only the held item.
    if name == state.held:
        return Response(texts.description(scene, state, name), state)
    return None


def _take(scene: Scene, state: RoomState, item: str, source: str) -> Response | None:
    if (
        state.held is not None
        or source not in _around(scene, state, item)
        or not _is_accessible(scene, state, source)
        or "pickupable" not in scene.items[item].traits
    ):
        return None
    after = replace(
        state,
        held=item,
        inside=state.inside - {(item, source)},
        lying=state.lying - {(item, state.place)},
        taken=state.taken | {(item, source)},
    )
    return Response(f"You pick up the {item} from the {source}.", after)


def _move(scene: Scene, state: RoomState, item: str, target: str) -> Response | None:
    if (
        item != state.held
        or not _is_here(scene, state, target)
        or not _is_accessible(scene, state, target)
        or (scene.receptacles[target].kind, scene.items[item].kind) not in scene.fitting
    ):
        return None
    after = replace(
        state,
        held=None,
        inside=state.inside | {(item, target)},
        lying=state.lying | {(item, state.place)},
        taken=state.taken - {(item, target)},
    )
    return Response(f"You move the {item} to the {target}.", after)


def _clean(scene: Scene, state: RoomState, item: str, tool: str) -> Response | None:
    if not _can_treat(scene, state, item, "cleanable", tool, "sinkbasin"):
        return None
    return Response(f"You clean the {item} using the {tool}.", replace(state, clean=state.clean | {item}))


def _heat(scene: Scene, state: RoomState, item: str, tool: str) -> Response | None:
    if not _can_treat(scene, state, item, "heatable", tool, "microwave"):
        return None
    after = replace(state, hot=state.hot | {item}, cool=state.cool - {item})
    return Response(f"You heat the {item} using the {tool}.", after)


def _cool(scene: Scene, state: RoomState, item: str, tool: str) -> Response | None:
    if not _can_treat(scene, state, item, "coolable", tool, "fridge"):
        return None
    after = replace(state, cool=state.cool | {item}, hot=state.hot - {item})
    return Response(f"You cool the {item} using the {tool}.", after)


def _use(scene: Scene, state: RoomState, item: str) -> Response | None:
    if not _around(scene, state, item) or "toggleable" not in scene.items[item].traits:
        return None
    # In the domain, nothing is ever turned off, so a second use is answered with "turn on" again.
    return Response(f"You turn on the {item}.", replace(state, lit=state.lit | {item}))


def _slice(scene: Scene, state: RoomState, item: str, knife: str) -> Response | None:
    if (
        knife != state.held
        or scene.items[knife].kind not in ("knife", "butterknife")
        or (item, state.place) not in state.lying
        or "sliceable" not in scene.items[item].traits
    ):
        return None
    return Response(f"You sliced the {item} with the {knife}.", replace(state, sliced=state.sliced | {item}))


def _is_here(scene: Scene, state: RoomState, receptacle: str) -> bool:
    found = scene.receptacles.get(receptacle)
    return found is not None and found.place == state.place


def _is_accessible(scene: Scene, state: RoomState, receptacle: str) -> bool:
    return receptacle in state.opened or not scene.receptacles[receptacle].openable


def _around(scene: Scene, state: RoomState, item: str) -> list[str]:
    """The receptacles at the agent's place, including closed ones, that hold the item."""
    return [r for r in scene.receptacles if (item, r) in state.inside and _is_here(scene, state, r)]


def _can_treat(scene: Scene, state: RoomState, item: str, trait: Trait, tool: str, kind: str) -> bool:
    return (
        item == state.held
        and trait in scene.items[item].traits
        and _is_here(scene, state, tool)
        and scene.receptacles[tool].kind == kind
    )


_VERBS: tuple[tuple[re.Pattern[str], Callable[..., Response | None]], ...] = tuple(
    (re.compile(pattern), verb)
    for pattern, verb in (
        ("look", _look_around),
        ("inventory", _inventory),
        ("help", _help),
        ("go to (.+)", _go_to),
        ("open (.+)", _open),
        ("close (.+)", _close),
        ("examine (.+)", _examine),
        ("take (.+) from (.+)", _take),
        ("move (.+) to (.+)", _move),
        ("clean (.+) with (.+)", _clean),
        ("heat (.+) with (.+)", _heat),
        ("cool (.+) with (.+)", _cool),
        ("use (.+)", _use),
        ("slice (.+) with (.+)", _slice),
    )
)
