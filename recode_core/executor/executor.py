"""The executor: a small stack machine that goes from one stop to the next when it is asked to.

It drives control flow itself and feeds the interpreter one statement at a time. What it does is
decided by code, replies and observations alone, so that it can be repeated.
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
from recode_core.executor.frames import Call, path_of
from recode_core.executor.limits import Before, reached
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
    """Executes a run, one stop at a time; what to stop for is the caller's business.

    `changes` are what a user may do to the run where it rests, `variables` what it has defined.
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
        """Where the run rests."""
        return self.run.state

    @property
    def path(self) -> tuple[Place, ...]:
        """The current statement of each open expansion, outermost first."""
        return path_of(self.run.frames)

    def advance(self) -> RunState:
        """Go on to the next stop, never further.

        Raises Diverged, PolicyUnavailable, EnvironmentUnavailable; the last two leave the run where it is.
        """
        self.run.state = self._leave(self.run.state) or self._statements.go_on()
        return self.run.state

    def repeat(self, on_stop: Callable[[], None] = lambda: None) -> None:
        """Go on to where the recording ends, with the user's changes where they were made; `on_stop` is
        called at each stop, and after each change."""
        while self.run.recorder.is_repeating:
            self.repeat_one()
            on_stop()

    def repeat_one(self) -> None:
        """Go on to the next stop in the recording, or make the user's change that was recorded here."""
        change = self.run.recorder.next_change
        if change is None:
            self.advance()
        else:
            self.changes.repeat(change)

    def _leave(self, state: RunState) -> RunState | None:
        run = self.run
        if not isinstance(state, AtStatement):
            run.interpreter.busy, run.statements = 0.0, 0
        match state:
            case AtStart():
                self._begin()
                return None
            case AtStatement():
                return self._limited(state) or self._statements.execute()
            case AtModel():
                return self._limited(state) or self._expansions.ask(state)
            case AtAction():
                return self._limited(state) or self._act(state)
            case AtFailure():
                return self._expansions.recover(state)
            case AtLimit(before=before):
                return run.end("limit", state.name) if self._is_final(before) else self._leave(before)
            case AtEnd():
                raise RecodeError("the run is over; start it again, or go back to act from there")

    def _begin(self) -> None:
        run = self.run
        event = self._actions.reset()
        texts = {"instruction": event.instruction, "observation": event.observation.text}
        given = "".join(f"{name} = {text!r}\n" for name, text in texts.items())
        modules = f"import {', '.join(sorted(MODULES))}\n" if run.edition > 2 else ""
        begun = run.interpreter.feed(given + modules + run.agent.prelude)
        if isinstance(begun, Raised):
            raise SandboxUnavailable(
                f"the sandbox can't take what the world says first: {begun.type}: {begun.message}"
            )
        run.spent.score = event.observation.score
        root = parse(run.agent.root, frozenset(texts))
        history = History(event.instruction, event.observation.text) if run.agent.takes_turns else None
        run.frames = [Call(root.block, source=root.source, history=history)]

    def _act(self, state: AtAction) -> RunState | None:
        observation = self._actions.ask(state)
        if observation.done:
            return self.run.end("solved" if observation.success else "done")
        return self._statements.answer(observation.text)

    def _limited(self, before: AtStatement | AtModel | AtAction) -> RunState | None:
        limit = self._limit_of(before)
        if limit is None:
            return None
        self.run.recorder.emit(limit)
        return AtLimit(limit.name, limit.value, limit.limit, before)

    def _is_final(self, before: AtStatement | AtModel | AtAction) -> bool:
        """Whether nobody raised the limit that was reached."""
        if self.run.recorder.is_repeating:
            return self.run.recorder.peek(EpisodeFinished) is not None
        return self._limit_of(before) is not None

    def _limit_of(self, before: AtStatement | AtModel | AtAction) -> LimitReached | None:
        """The limit that stands before what comes next: as recorded, else as counted."""
        run = self.run
        if run.recorder.is_repeating:
            return run.recorder.peek(LimitReached)
        seconds = run.clock() - run.began
        kind = _KINDS[type(before)]
        if kind == "call" and run.call.reason == "repair":
            kind = "repair"
        return reached(run.limits, run.spent, seconds, run.step_limit, kind, run.recorder.size)


_KINDS: dict[type[RunState], Before] = {AtStatement: "statement", AtModel: "call", AtAction: "action"}
