"""Plays real scenes in ALFWorld and here, side by side, and reports every difference.

    RECODE_ALFWORLD_PYTHON=PYTHON python compare_with_alfworld.py FOLDER...

PYTHON is an interpreter with alfworld 0.4.2, FOLDER a game's. Each scene is played with the planner's plan,
then on a tour that slices, cleans, heats, cools and examines, then with random commands from a fixed seed,
three in four of them possible. Compared are the texts, whether
the goal holds, and now and then the whole set of possible commands. Quirks of the engine that are followed
rather than excused: `go to` where one already stands does nothing; `look` in the middle of the room sees
nothing; `look` lists what was taken from one receptacle of a place and put into another there as lying next
to it; what was ever used stays on; an item that a scene lists in two receptacles stays in the second when
it is taken from the first.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from recode_core.environments.household.task_id import scene_of
from recode_core.environments.household.world import HouseholdWorld

STEPS = 200
CENSUS_EVERY = 20


class Answer(msgspec.Struct, frozen=True):
    """What the real engine tells after a command."""

    text: str
    won: bool
    admissible: list[str]
    plan: list[str]


class Difference(msgspec.Struct, frozen=True):
    """One command that is answered differently."""

    scene: str
    command: str
    ours: str
    theirs: str


class Engine:
    """The real engine, in a process of its own."""

    def __init__(self, python: str) -> None:
        server = Path(__file__).with_name("real_alfworld.py")
        self._process = subprocess.Popen(
            [python, str(server)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def load(self, folder: Path) -> Answer:
        return self._ask({"game": str(folder / "game.tw-pddl")})

    def step(self, command: str) -> Answer:
        return self._ask({"command": command})

    def _ask(self, request: dict[str, str]) -> Answer:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return msgspec.json.decode(self._process.stdout.readline(), type=Answer)


class Comparison:
    """One scene in both engines."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._scene = scene_of(f"scene:{folder}")
        self._world = HouseholdWorld(self._scene)
        self.steps = 0

    def plan(self) -> Iterator[Difference]:
        """Follow the planner."""
        theirs = self._engine.load(self._folder)
        yield from self._differences("reset", theirs, self._world.reset().text)
        for command in theirs.plan:
            theirs = self._engine.step(command)
            yield from self._differences(command, theirs, self._world.step(command).text)
        if not theirs.won:
            yield Difference(self._folder.parent.name, "plan", "", "the planner's plan doesn't win")

    def tour(self) -> Iterator[Difference]:
        """Do all that can be done with one item of each sort."""
        self._engine.load(self._folder)
        self._world.reset()
        for command in self._itinerary():
            theirs = self._engine.step(command)
            yield from self._differences(command, theirs, self._world.step(command).text)

    def walk(self, steps: int) -> Iterator[Difference]:
        """Wander about."""
        dice = random.Random(self._folder.parent.name)
        theirs = self._engine.load(self._folder)
        self._world.reset()
        for step in range(steps):
            command = self._possible(dice, theirs) if dice.random() < 0.75 else self._invented(dice)
            theirs = self._engine.step(command)
            yield from self._differences(command, theirs, self._world.step(command).text)
            if step % CENSUS_EVERY == 0:
                yield from self._census(command, theirs)

    def _differences(self, command: str, theirs: Answer, text: str) -> Iterator[Difference]:
        self.steps += 1
        won = self._world.step("help").success
        for ours, real in ((text, theirs.text), (f"won: {won}", f"won: {theirs.won}")):
            if ours != real:
                yield Difference(self._folder.parent.name, command, ours, real)

    def _census(self, command: str, theirs: Answer) -> Iterator[Difference]:
        """Compare what is possible now."""
        ours = set(self._world.possible)
        real = set(theirs.admissible)
        if ours != real:
            name = self._folder.parent.name
            yield Difference(name, f"possible after {command}", str(ours - real), str(real - ours))

    def _itinerary(self) -> Iterator[str]:
        where, items = dict(sorted(self._scene.start.inside)), self._scene.items
        sorts = {item.traits: name for name, item in items.items() if name in where}
        knife = next(
            (name for name, item in items.items() if item.kind in ("knife", "butterknife")), "knife 1"
        )
        for name in sorts.values():
            home = where[name]
            yield from self._fetch(knife, where.get(knife, home))
            yield from (
                f"go to {home}",
                f"open {home}",
                f"slice {name} with {knife}",
                f"move {knife} to {home}",
            )
            where[knife] = home
            yield from (f"use {name}", f"take {name} from {home}", f"examine {name}")
            for verb, tool in (("clean", "sinkbasin"), ("heat", "microwave"), ("cool", "fridge")):
                yield from (f"go to {tool} 1", f"{verb} {name} with {tool} 1", f"examine {name}")
            yield from (f"go to {home}", "look", "inventory", f"move {name} to {home}", f"close {home}")

    def _fetch(self, name: str, receptacle: str) -> Iterator[str]:
        yield from (f"go to {receptacle}", f"open {receptacle}", f"take {name} from {receptacle}")

    def _possible(self, dice: random.Random, theirs: Answer) -> str:
        """Verbs alike, since most of what is possible is to go elsewhere."""
        verb = dice.choice(sorted({command.split()[0] for command in theirs.admissible} - {"help"}))
        return dice.choice([command for command in theirs.admissible if command.split()[0] == verb])

    def _invented(self, dice: random.Random) -> str:
        item = dice.choice(list(self._scene.items))
        receptacle = dice.choice(list(self._scene.receptacles))
        return dice.choice(
            [
                f"go to {receptacle}",
                f"open {receptacle}",
                f"close {receptacle}",
                f"examine {receptacle}",
                f"examine {item}",
                f"use {item}",
                f"take {item} from {receptacle}",
                f"move {item} to {receptacle}",
                f"put {item} in/on {receptacle}",
                f"heat {item} with {receptacle}",
                f"clean {item} with {receptacle}",
                f"cool {item} with {receptacle}",
                f"slice {item} with knife 1",
                f"Go to {receptacle}",
                f" go to {receptacle}\t",
                "go to nowhere 1",
                "help",
                "",
            ]
        )


def main(folders: Sequence[str]) -> int:
    """Print what differs; 0 when nothing does."""
    python = os.environ.get("RECODE_ALFWORLD_PYTHON")
    if not python or not folders:
        print(__doc__)
        return 2
    found = 0
    with Engine(python) as engine:
        for folder in folders:
            comparison = Comparison(engine, Path(folder))
            differences = [*comparison.plan(), *comparison.tour(), *comparison.walk(STEPS)]
            found += len(differences)
            print(f"{Path(folder).parent.name}: {comparison.steps} steps, {len(differences)} differences")
            for each in differences:
                print(f"  > {each.command}\n    ours   {each.ours!r}\n    theirs {each.theirs!r}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
