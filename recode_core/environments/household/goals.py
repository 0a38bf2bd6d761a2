"""The six goals of ALFWorld: their wordings, and the test whether they are reached."""

from __future__ import annotations

from recode_core.environments.household.scene import GoalKind, RoomState, Scene, Trait

WORDINGS: dict[GoalKind, tuple[str, str]] = {
    "put": ("put a {item} in {target}.", "put some {item} on {target}."),
    "clean": ("put a clean {item} in {target}.", "clean some {item} and put it in {target}."),
    "heat": ("put a hot {item} in {target}.", "heat some {item} and put it in {target}."),
    "cool": ("put a cool {item} in {target}.", "cool some {item} and put it in {target}."),
    "examine": ("look at {item} under the {target}.", "examine the {item} with the {target}."),
    "puttwo": ("put two {item} in {target}.", "find two {item} and put them in {target}."),
}

TREATMENTS: dict[GoalKind, Trait] = {"clean": "cleanable", "heat": "heatable", "cool": "coolable"}


def is_reached(scene: Scene, state: RoomState) -> bool:
    """Whether the scene's goal is reached in the state."""
    if scene.goal.kind == "examine":
        return _is_examined(scene, state)
    needed = 2 if scene.goal.kind == "puttwo" else 1
    placed = [
        receptacle
        for item, receptacle in state.inside
        if scene.items[item].kind == scene.goal.item
        and scene.receptacles[receptacle].kind == scene.goal.target
        and _is_treated(scene, state, item)
    ]
    return any(placed.count(receptacle) >= needed for receptacle in placed)


def _is_examined(scene: Scene, state: RoomState) -> bool:
    held = state.held is not None and scene.items[state.held].kind == scene.goal.item
    return held and any(
        lamp in state.lit
        and scene.items[lamp].kind == scene.goal.target
        and scene.receptacles[receptacle].place == state.place
        for lamp, receptacle in state.inside
    )


def _is_treated(scene: Scene, state: RoomState, item: str) -> bool:
    marked = {"clean": state.clean, "heat": state.hot, "cool": state.cool}.get(scene.goal.kind)
    return marked is None or (item in marked and TREATMENTS[scene.goal.kind] in scene.items[item].traits)
