"""An expert policy with one precomputed plan, from the start of a task to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recode_core.environments.process.process import Process
from recode_core.errors import EnvironmentUnavailable, PolicyUnavailable
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.policies.reply import ParsedReply

ROOT = "solve(instruction, observation)"

Expansions = Mapping[str, ParsedReply]
"""The expansion of each placeholder of a plan, by its statement; `ROOT` is the whole plan."""


class PlanPolicy(FreePolicy):
    """Expands the plan of the environment's own solver, which sees the whole world.

    On first use, `start` opens a process and `ask` requests the plan from it. `expand` raises
    PolicyUnavailable for a statement that is not in the plan, and for a repair.
    """

    model = "expert"

    def __init__(self, name: str, start: Callable[[], Process], ask: Callable[[Process], Expansions]) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._name = name
        self._start = start
        self._ask = ask
        self._expansions: Expansions | None = None
        self._solver: Process | None = None
        self._is_aborted = False

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self._is_aborted = False
        try:
            text = str(self._expansion(request))
        except EnvironmentUnavailable as error:
            if self._is_aborted:
                return Reply("", finish="aborted")
            raise PolicyUnavailable(f"the plan is unavailable: {error}") from error
        stream(text)
        return Reply(text)

    def abort(self) -> None:
        self._is_aborted = True
        if self._solver is not None:
            self._solver.close()

    def _expansion(self, request: Request) -> ParsedReply:
        if self._expansions is None:
            self._expansions = self._plan()
        found = self._expansions.get(request.statement)
        if found is None or request.repair:
            why = "it failed" if found else "it is not part of the plan"
            raise PolicyUnavailable(
                f"the {self._name} expert has a single plan, from the start of the task, and cannot expand "
                f"{request.statement!r}: {why}. Write the expansion by hand, go back to an earlier step, "
                "or choose another policy"
            )
        return found

    def _plan(self) -> Expansions:
        self._solver = self._start()
        try:
            return self._ask(self._solver)
        finally:
            self._solver.close()
            self._solver = None
