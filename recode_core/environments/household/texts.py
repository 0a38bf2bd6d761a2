"""The texts of ALFWorld's game grammar (alfworld 0.4.2), word for word."""

from __future__ import annotations

from collections.abc import Iterable

from recode_core.environments.household.scene import RoomState, Scene

NOTHING_HAPPENS = "Nothing happens."

HELP = """\
Available commands:
  look:                             look around your current location
  inventory:                        check your current inventory
  go to (receptacle):               move to a receptacle
  open (receptacle):                open a receptacle
  close (receptacle):               close a receptacle
  take (object) from (receptacle):  take an object from a receptacle
  move (object) to (receptacle):  place an object in or on a receptacle
  examine (something):              examine a receptacle or an object
  use (object):                     use an object
  heat (object) with (receptacle):  heat an object using a receptacle
  clean (object) with (receptacle): clean an object using a receptacle
  cool (object) with (receptacle):  cool an object using a receptacle
  slice (object) with (object):     slice an object using a sharp object
"""


def introduction(scene: Scene) -> str:
    """The first observation: the whole room and the task."""
    here = _facing(scene, scene.start)
    view = surroundings(scene, scene.start) if here else _middle(scene.receptacles)
    return f"-= Welcome to TextWorld, ALFRED! =-\n\n{view}\n\nYour task is to: {scene.instruction}"


def surroundings(scene: Scene, state: RoomState) -> str:
    """The answer to `look`. In the middle of the room it lists nothing, unlike the introduction."""
    here = _facing(scene, state)
    if not here:
        return _middle(())
    moved = [
        item
        for item in scene.items
        if (item, state.place) in state.lying
        for receptacle in here
        if (item, receptacle) in state.taken
    ]
    return f"You are facing the {_joined(here)}. Next to it, you see {_listing(moved)}."


def contents(scene: Scene, state: RoomState, name: str) -> str:
    """The description of a receptacle: its content, unless it is closed."""
    openable = scene.receptacles[name].openable
    if openable and name not in state.opened:
        return f"The {name} is closed."
    inside = _listing(item for item in scene.items if (item, name) in state.inside)
    if openable:
        return f"The {name} is open. In it, you see {inside}."
    return f"On the {name}, you see {inside}."


def description(scene: Scene, state: RoomState, name: str) -> str:
    """The description of an item. A container never shows whether it is hot, cool or clean."""
    item = scene.items[name]
    if "container" in item.traits:
        return f"This is a normal {name}. In it, you see {_listing(item.inner)}."
    temperature = ["hot"] if name in state.hot else ["cool"] if name in state.cool else []
    condition = " and ".join(temperature + ["clean"] * (name in state.clean))
    if name in state.sliced:
        return f"This is a {condition} sliced {name}." if condition else f"This is a sliced {name}."
    if condition:
        return f"This is a {'cold' if condition == 'cool' else condition} {name}."
    if name in state.lit:
        return f"This {name} is on."
    return f"There's nothing special about {name}."


def inventory(state: RoomState) -> str:
    """The answer to `inventory`."""
    return "You are not carrying anything." if state.held is None else f"You are carrying: a {state.held}."


def _facing(scene: Scene, state: RoomState) -> list[str]:
    return [name for name, receptacle in scene.receptacles.items() if receptacle.place == state.place]


def _middle(names: Iterable[str]) -> str:
    return f"You are in the middle of a room. Looking quickly around you, you see {_listing(names)}."


def _listing(names: Iterable[str]) -> str:
    return _joined([f"a {name}" for name in names]) or "nothing"


def _joined(names: list[str]) -> str:
    return ", and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
