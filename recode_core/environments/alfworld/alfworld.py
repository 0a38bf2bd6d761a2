"""The ALFWorld environment: the games of `$ALFWORLD_DATA`, each played in a child process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import NoneType

from recode_core.environments.alfworld import games
from recode_core.environments.alfworld.plan import expansions
from recode_core.environments.alfworld.world import AlfworldWorld
from recode_core.environments.environment import Restoration, Task, TaskTraits
from recode_core.environments.household.guide import GUIDE
from recode_core.environments.household.layout import had_no_effect, laid_out
from recode_core.environments.household.task_id import scene_traits
from recode_core.environments.process import PlanPolicy, Process, interpreter, world_timeouts
from recode_core.environments.process.interpreter import package_problem, variable
from recode_core.environments.process.protocol import Lack
from recode_core.errors import EnvironmentUnavailable, UnknownTask
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply

_ENGINE = Path(__file__).with_name("engine.py")


class Alfworld:
    """Six kinds of household task. Worlds are deterministic, but have no snapshots."""

    name = "alfworld"
    restoration: Restoration = "replay"
    guide = GUIDE
    laid_out = staticmethod(laid_out)
    had_no_effect = staticmethod(had_no_effect)

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        for name in games.splits(split):
            for folder in games.folders(name):
                if (game := games.read(folder)).is_solvable:
                    yield _task(folder, game)

    def find_task(self, entry: str | int | list[object]) -> Task:
        """The task of an id, such as `valid_seen/TASK/TRIAL`. Raises UnknownTask, EnvironmentUnavailable."""
        if not isinstance(entry, str):
            raise UnknownTask("alfworld's tasks are named by ids, as recode tasks --env alfworld lists them")
        folder = games.folder_of(entry)
        return _task(folder, games.read(folder))

    def task_traits(self, task_id: str) -> TaskTraits:
        return scene_traits(task_id)

    def open(self, task_id: str) -> AlfworldWorld:
        folder = games.folder_of(task_id)
        game = games.read(folder)
        return AlfworldWorld(self._engine(), folder, game.instruction)

    def expert(self, task_id: str) -> Policy:
        """The engine's planner, which sees the whole room."""
        game = str(games.folder_of(task_id) / games.FILE)

        def plan(engine: Process) -> dict[str, ParsedReply]:
            return expansions(engine.ask("plan", game, list[str], world_timeouts().plan))

        return PlanPolicy("ALFWorld", self._engine, plan)

    def missing(self) -> str:
        """The missing requirement and how to install it; empty if there is none."""
        python = interpreter(self.name)
        if problem := package_problem(python, "alfworld"):
            return f"{python} {problem}; {_advice(python)}"
        try:
            games.splits(None)
        except EnvironmentUnavailable as error:
            return str(error)
        return ""

    def _engine(self) -> Process:
        """A process that has loaded the engine. Raises EnvironmentUnavailable if it is not installed."""
        python = interpreter(self.name)
        remedies: dict[Lack, str] = {"package": _advice(python)}
        engine = Process("ALFWorld", _ENGINE, python, remedies)
        engine.ask("start", "", NoneType, world_timeouts().start)
        return engine


def _task(folder: Path, game: games.Game) -> Task:
    task_id = games.id_of(folder)
    split, *_ = task_id.split("/")
    return Task(task_id, game.instruction, split, games.kind_of(folder), f"ALFWorld {split}")


def _advice(python: str) -> str:
    return (
        f"install it with: {python} -m pip install alfworld (it compiles a planner: that takes minutes and "
        f"a C++ compiler), or let {variable(Alfworld.name)} name a Python that has it. "
        "Without a compiler, --env household --task scene:FOLDER plays the same scenes"
    )
