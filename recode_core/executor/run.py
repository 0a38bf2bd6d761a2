"""The state of a run between two stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from recode_core.agents.agent import Agent
from recode_core.environments import guard
from recode_core.environments.environment import Restoration, World
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import EpisodeFinished, Failure, Outcome, Place, StatementFailed
from recode_core.executor.frames import NOWHERE, CallFrame, Frame, top_call
from recode_core.executor.limits import Limits, Spent, spent_in
from recode_core.executor.pending import Pending
from recode_core.executor.recorder import Recorder
from recode_core.executor.run_state import AtEnd, AtFailure, AtStart, RunState
from recode_core.executor.shortening import short_failure
from recode_core.interpreter import Interpreter
from recode_core.log import Record
from recode_core.policies.policy import Policy
from recode_core.values import FAILURE_LIMIT, shortened


@dataclass
class Run:
    """The sources, the sandbox and the position of one execution.

    `world` may be None while a recording is replayed, whose observations are used then. `stream` is called
    with the text of a reply as it arrives. `system` replaces the agent's own system message, unless it is
    empty. `pending` is the evaluation that was started last; `statements` counts the statements reached since
    the last action or policy call.
    """

    recorder: Recorder
    agent: Agent
    policy: Policy
    interpreter: Interpreter
    world: World | None
    restoration: Restoration
    limits: Limits
    step_limit: int
    stream: Callable[[str], None] = lambda text: None
    clock: Callable[[], float] = time.monotonic
    began: float = 0.0
    state: RunState = field(default_factory=AtStart)
    frames: list[Frame] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    place: Place = NOWHERE
    pending: Pending | None = None
    statements: int = 0
    system: str = ""

    @property
    def edition(self) -> int:
        """The edition of the language, see `recode_core.statements.EDITION`."""
        return self.agent.edition

    @property
    def call(self) -> CallFrame:
        """The innermost open expansion."""
        return top_call(self.frames)

    @property
    def root_frame(self) -> CallFrame:
        """The frame of the agent's own program."""
        root = self.frames[0]
        assert isinstance(root, CallFrame)
        return root

    def fail(self, place: Place, failure: Failure) -> RunState:
        """Record a failure and stop at it."""
        failure = short_failure(failure)
        self.recorder.emit(StatementFailed(place, failure))
        return AtFailure(place, failure)

    def add_failed_call_usage(self, records: Iterable[Record]) -> None:
        """Set tokens and cost to those in the run's records: failed calls cost too, and are not replayed."""
        paid = spent_in(records)
        self.spent.tokens, self.spent.cost_usd = paid.tokens, paid.cost_usd

    def end(self, outcome: Outcome, detail: str = "") -> RunState:
        """Record the end of the episode."""
        detail = shortened(detail, FAILURE_LIMIT)
        self.recorder.emit(EpisodeFinished(outcome, self.spent.score, detail))
        return AtEnd(outcome, detail)

    def close(self) -> None:
        """Close the sandbox and the world. Idempotent."""
        self.interpreter.close()
        if self.world is not None:
            guard.close(self.world)

    def discard(self) -> None:
        """Close the run although its world may fail to close. For a run that is replaced by another one."""
        with suppress(EnvironmentUnavailable):
            self.close()
