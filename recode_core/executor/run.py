"""A run: everything that an execution holds, between one stop and the next."""

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
from recode_core.executor.frames import NOWHERE, Call, Frame, top_call
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

    `world` may be None while recorded observations are enough. `stream` is called with a reply's text
    as it arrives. `system` takes the place of the agent's own system message, unless it is empty. `pending`
    is what the statement waits for that was started last, `statements` says how many were reached since the
    last action or policy call.
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
        """How code is understood."""
        return self.agent.edition

    @property
    def call(self) -> Call:
        """The innermost open expansion."""
        return top_call(self.frames)

    @property
    def root_frame(self) -> Call:
        """The frame of the agent's own program."""
        root = self.frames[0]
        assert isinstance(root, Call)
        return root

    def fail(self, place: Place, failure: Failure) -> RunState:
        """Record a failure and rest at it."""
        failure = short_failure(failure)
        self.recorder.emit(StatementFailed(place, failure))
        return AtFailure(place, failure)

    def add_failed_call_usage(self, records: Iterable[Record]) -> None:
        """Add tokens and cost of failed calls, which a replay does not repeat; `records` are the run's."""
        paid = spent_in(records)
        self.spent.tokens, self.spent.cost_usd = paid.tokens, paid.cost_usd

    def end(self, outcome: Outcome, detail: str = "") -> RunState:
        """Record the end of the episode."""
        detail = shortened(detail, FAILURE_LIMIT)
        self.recorder.emit(EpisodeFinished(outcome, self.spent.score, detail))
        return AtEnd(outcome, detail)

    def close(self) -> None:
        """Give sandbox and world back. Idempotent."""
        self.interpreter.close()
        if self.world is not None:
            guard.close(self.world)

    def discard(self) -> None:
        """The same for a run that another one takes the place of; its world may fail in that."""
        with suppress(EnvironmentUnavailable):
            self.close()
