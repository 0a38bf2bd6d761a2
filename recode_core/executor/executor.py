"""The executor: a small stack machine that advances from one stop to the next when it is called.

It drives control flow itself and feeds the interpreter one statement at a time. It depends on nothing but
code, replies, observations and the user's changes, so that a run can be replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from recode_core.errors import RecodeError, SandboxUnavailable
from recode_core.events import EpisodeFinished, LimitReached, Place
from recode_core.executor.actions import Actions
from recode_core.executor.changes import UserChanges
from recode_core.executor.evaluator import MakeEvaluator
from recode_core.executor.expansions import Expansions
from recode_core.executor.feed_loop import FeedLoop
from recode_core.executor.frames import CallFrame, path_of
from recode_core.executor.limits import NextOperation, first_reached
from recode_core.executor.lookahead import LookaheadEvaluator
from recode_core.executor.policy_calls import PolicyCalls
from recode_core.executor.run import Run
from recode_core.executor.run_state import (
    AtAction,
    AtEnd,
    AtFailure,
    AtLimit,
    AtModel,
    AtStart,
    AtStatement,
    RunState,
)
from recode_core.executor.statements_exec import Statements
from recode_core.executor.variables import Variables
from recode_core.interpreter import Raised
from recode_core.policies.policy import History
from recode_core.statements import parse
from recode_core.statements.names import MODULES


class Executor:
    """Executes a run, one stop at a time.

    `changes` has the changes that a user can make at a stop, `variables` the variables of the run.
    """

    evaluator: ClassVar[MakeEvaluator] = LookaheadEvaluator

    def __init__(self, run: Run) -> None:
        self.run = run
        evaluator = type(self).evaluator(run)
        self.variables = Variables(run)
        self._actions = Actions(run)
        calls = PolicyCalls(run, self.variables)
        self._expansions = Expansions(run, self.variables, calls)
        feed_loop = FeedLoop(run, evaluator, self._actions)
        self._statements = Statements(run, feed_loop, self._expansions, self.variables)
        self.changes = UserChanges(
            run, evaluator, self._statements, self._expansions, calls, self._actions, self.variables
        )

    @property
    def state(self) -> RunState:
        """The current stop."""
        return self.run.state

    @property
    def path(self) -> tuple[Place, ...]:
        """The current statement of each open expansion, outermost first."""
        return path_of(self.run.frames)

    def advance(self) -> RunState:
        """Advance to the next stop.

        Raises Diverged, PolicyUnavailable, EnvironmentUnavailable. After the last two the run is still at its
        stop.
        """
        self.run.state = self._leave_state(self.run.state) or self._statements.proceed()
        return self.run.state

    def repeat(self, on_stop: Callable[[], None] = lambda: None) -> None:
        """Replay the recording to its end, with the user's changes.

        `on_stop` is called at each stop and after each change.
        """
        while self.run.recorder.is_repeating:
            self.repeat_one()
            on_stop()

    def repeat_one(self) -> None:
        """Replay up to the next stop, or apply the user's change that was recorded here."""
        change = self.run.recorder.next_change
        if change is None:
            self.advance()
        else:
            self.changes.repeat(change)

    def _leave_state(self, state: RunState) -> RunState | None:
        run = self.run
        if not isinstance(state, AtStatement):
            run.interpreter.busy, run.statements = 0.0, 0
        match state:
            case AtStart():
                self._begin()
                return None
            case AtStatement():
                return self._check_limits(state) or self._statements.execute()
            case AtModel():
                return self._check_limits(state) or self._expansions.ask(state)
            case AtAction():
                return self._check_limits(state) or self._act(state)
            case AtFailure():
                return self._expansions.recover(state)
            case AtLimit(before=before):
                return run.end("limit", state.name) if self._is_final(before) else self._leave_state(before)
            case AtEnd():
                raise RecodeError("the run is over; start it again, or go back to act from there")

    def _begin(self) -> None:
        run = self.run
        event = self._actions.reset()
        texts = {"instruction": event.instruction, "observation": event.observation.text}
        given = "".join(f"{name} = {text!r}\n" for name, text in texts.items())
        modules = f"import {', '.join(sorted(MODULES))}\n" if run.edition > 2 else ""
        result = run.interpreter.feed(given + modules + run.agent.prelude)
        if isinstance(result, Raised):
            raise SandboxUnavailable(
                f"the sandbox cannot store the first observation: {result.type}: {result.message}"
            )
        run.spent.score = event.observation.score
        root = parse(run.agent.root, frozenset(texts))
        history = History(event.instruction, event.observation.text) if run.agent.takes_turns else None
        run.frames = [CallFrame(root.block, source=root.source, history=history)]

    def _act(self, state: AtAction) -> RunState | None:
        observation = self._actions.ask(state)
        if observation.done:
            return self.run.end("solved" if observation.success else "done")
        return self._statements.answer(observation.text)

    def _check_limits(self, before: AtStatement | AtModel | AtAction) -> RunState | None:
        limit = self._limit_of(before)
        if limit is None:
            return None
        self.run.recorder.emit(limit)
        return AtLimit(limit.name, limit.value, limit.limit, before)

    def _is_final(self, before: AtStatement | AtModel | AtAction) -> bool:
        """Whether the limit that was reached has not been raised."""
        if self.run.recorder.is_repeating:
            return self.run.recorder.peek(EpisodeFinished) is not None
        return self._limit_of(before) is not None

    def _limit_of(self, before: AtStatement | AtModel | AtAction) -> LimitReached | None:
        """The limit that is reached before the next operation; in a replay, the recorded one."""
        run = self.run
        if run.recorder.is_repeating:
            return run.recorder.peek(LimitReached)
        seconds = run.clock() - run.began
        kind = _KINDS[type(before)]
        if kind == "call" and run.call.reason == "repair":
            kind = "repair"
        return first_reached(run.limits, run.spent, seconds, run.step_limit, kind, run.recorder.size)


_KINDS: dict[type[RunState], NextOperation] = {AtStatement: "statement", AtModel: "call", AtAction: "action"}
