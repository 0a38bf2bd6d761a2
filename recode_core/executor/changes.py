"""The changes that a user can make to a paused run. A replay applies the recorded ones in the same way.

The caller has checked that a change is valid and possible at the current stop.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Literal, assert_never

import msgspec

from recode_core.environments import guard
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionFinished,
    ActionReplaced,
    Change,
    ExpansionEdited,
    ExpansionReplied,
    LimitRaised,
    PromptEdited,
    PromptsChanged,
    Regenerated,
    StatementSkipped,
    VariableSet,
)
from recode_core.executor.actions import Actions
from recode_core.executor.evaluator import Evaluator
from recode_core.executor.expansions import Expansions, children_of
from recode_core.executor.frames import (
    BranchFrame,
    CallFrame,
    Frame,
    LoopFrame,
    copied,
    path_of,
    place_of,
    top_call,
)
from recode_core.executor.limits import COUNTED, ENVIRONMENT_STEPS
from recode_core.executor.policy_calls import PolicyCalls
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtAction, AtFailure, AtLimit, AtModel, AtStatement
from recode_core.executor.statements_exec import Statements
from recode_core.executor.variables import Variables
from recode_core.interpreter import Finished, Raised
from recode_core.interpreter.host import as_variable
from recode_core.statements import Block, For, Program, Statement, While
from recode_core.values import Message, Observation, Usage, clean

_DIFFERS_BEFORE = "the new code differs before the current position of the run; go back first"


class UserChanges:
    """Changes of a paused run.

    A statement that is suspended in its first action has had no effect yet. So a change of variables or code
    first returns the run to the stop before that statement. Example: in `for x in xs: seen = run(x)`, if the
    body is edited while `run` is suspended, the edited `seen = …` runs in the same pass, with the same `x`.
    A change at a loop that is between two passes applies to the whole loop, which is left.
    """

    def __init__(
        self,
        run: Run,
        evaluator: Evaluator,
        statements: Statements,
        expansions: Expansions,
        calls: PolicyCalls,
        actions: Actions,
        variables: Variables,
    ) -> None:
        self._run = run
        self._evaluator = evaluator
        self._statements = statements
        self._expansions = expansions
        self._calls = calls
        self._actions = actions
        self._variables = variables

    def repeat(self, change: Change) -> None:
        """Apply a recorded change."""
        match change:
            case ExpansionEdited():
                self.edit(change.node, change.code)
            case PromptEdited():
                self.edit_prompt(tuple(self._run.recorder.resolve(ref) for ref in change.messages))
            case Regenerated():
                self.regenerate(change.hint, change.model, change.temperature)
            case PromptsChanged():
                self.set_prompts(change.name, self._run.recorder.resolve(change.system).content, change.only)
            case StatementSkipped():
                self.skip()
            case VariableSet():
                self.set_variable(change.name, change.expression)
            case ActionReplaced():
                self.replace_action(change.action)
            case LimitRaised():
                self.raise_limit(change.name, change.value)
            case _:
                assert_never(change)

    def set_variable(self, name: str, expression: str) -> None:
        """Give a variable the value of an expression; a statement that waits in an action starts again.

        Raises RecodeError where the expression fails; nothing is changed then.
        """
        self._back_to_statement()
        code = f"{name} = (\n{expression}\n)\n__rc_show(__rc_locals(), ({name!r},), True)"
        turn = self._run.interpreter.feed(code)
        if not isinstance(turn, Finished):
            why = f"{turn.type}: {turn.message}" if isinstance(turn, Raised) else "it would act in the world"
            if self._run.interpreter.suspended:
                self._run.interpreter.rewind()
            raise RecodeError(f"{name} = {expression} can't be set: {why}")
        seen = tuple(as_variable(name, shown) for name, shown in turn.output)
        changed = self._variables.record_changed(seen, (name,))
        self._run.call.bound.add(name)
        self._run.recorder.emit(VariableSet(name, expression, changed))
        if isinstance(self._run.state, AtModel):
            self._run.state = self._calls.request("changed")

    def skip(self) -> None:
        """Skip the statement or placeholder at the current stop."""
        self._back_to_statement()
        state = self._run.state
        assert isinstance(state, AtStatement | AtModel | AtFailure)
        self._run.recorder.emit(StatementSkipped(state.place))
        _drop_testing_loop(self._run.frames)
        if self._run.call.place == state.place:
            while not isinstance(self._run.frames.pop(), CallFrame):
                pass
        self._run.state = self._statements.proceed()

    def replace_action(self, action: str) -> None:
        """Replace the next action by another one."""
        state = self._run.state
        assert isinstance(state, AtAction)
        self._run.recorder.emit(ActionReplaced(action))
        self._run.state = replace(state, action=action)

    def observe(self, text: str) -> None:
        """Answer the next action with an observation by the user; the world is not called."""
        state = self._run.state
        assert isinstance(state, AtAction)
        observation = guard.observation_of(Observation(text, self._run.spent.score))
        self._run.recorder.emit(ActionFinished(observation, by="user"))
        self._actions.count(state, observation)
        self._run.state = self._statements.answer(observation.text) or self._statements.proceed()

    def edit_prompt(self, messages: tuple[Message, ...]) -> None:
        """Replace the messages of the next policy call."""
        state = self._run.state
        assert isinstance(state, AtModel)
        self._run.recorder.emit(
            PromptEdited(state.place, tuple(self._run.recorder.intern(message) for message in messages))
        )
        self._run.state = AtModel(state.place, msgspec.structs.replace(state.request, messages=messages))

    def reply(self, text: str, by: Literal["user", "reuse"] = "user") -> None:
        """Answer the next policy call with a text; the policy is not called."""
        state = self._run.state
        assert isinstance(state, AtModel)
        replied = ExpansionReplied(state.place.node, clean(text), Usage(), by=by)
        self._run.recorder.emit(replied)
        self._run.state = self._expansions.handle_reply(replied) or self._statements.proceed()

    def regenerate(self, hint: str = "", model: str = "", temperature: float | None = None) -> None:
        """Request the code of the placeholder again, as a new attempt."""
        state = self._run.state
        assert isinstance(state, AtModel)
        self._run.recorder.emit(Regenerated(state.place, hint, model, temperature))
        call = self._run.call
        call.start_attempt()
        call.given_up, call.was_given_up, call.gave_up_again = frozenset(), False, False
        call.hint, call.model, call.temperature = hint, model, temperature
        self._run.state = self._calls.request("regenerate")

    def set_prompts(self, name: str, system: str, only: bool = False) -> None:
        """Replace the system message of all further requests, or `only` of those for this placeholder."""
        state = self._run.state
        assert isinstance(state, AtModel)
        self._run.recorder.emit(
            PromptsChanged(state.place, name, self._run.recorder.intern(Message("system", system)), only)
        )
        if only:
            self._run.call.system = system
        else:
            self._run.system, self._run.call.system = system, ""
        self._run.state = self._calls.request("changed")

    def raise_limit(self, name: str, value: float | None) -> None:
        """Set a limit; a run that was stopped by it can continue."""
        self._run.recorder.emit(LimitRaised(name, value))
        if name == ENVIRONMENT_STEPS:
            self._run.step_limit = sys.maxsize if value is None else int(value)
        else:
            exact = value if value is None or name not in COUNTED else int(value)  # a file says 2.0
            self._run.limits = msgspec.structs.replace(self._run.limits, **{name: exact})

    def edit(self, node: str, code: str) -> None:
        """Replace the code of an open expansion, at the same position.

        The new code may differ only in statements that have not begun. Raises RuleBroken if it is refused,
        RecodeError if it differs before the current position; the run stays as it is then.
        """
        frames = copied(self._run.frames)
        call = next(frame for frame in frames if isinstance(frame, CallFrame) and frame.node == node)
        program = self._run.agent.parse(code, call.defined)
        inside = frames[frames.index(call) + 1 :]
        is_innermost = not any(isinstance(frame, CallFrame) and frame.index >= 0 for frame in inside)
        if is_innermost:
            while top_call(frames) is not call:
                frames.pop()
            _drop_testing_loop(frames)
        _remap(frames, call, program)
        if is_innermost:
            self._back_to_statement()
            frames[-1].index -= 1
        self._run.frames = frames
        edited = ExpansionEdited(
            node, call.attempt, program.source.text, children_of(program), path_of(frames)
        )
        self._run.recorder.emit(edited)
        if is_innermost:
            self._run.state = self._statements.proceed()

    def _back_to_statement(self) -> None:
        """If the statement is suspended in its first action, return to the stop before the statement."""
        self._evaluator.forget()
        if isinstance(self._run.state, AtLimit):
            self._run.state = self._run.state.before
        if isinstance(self._run.state, AtAction):
            if self._run.interpreter.suspended:
                self._run.interpreter.rewind()
            self._run.state = AtStatement(self._run.state.place)


def _remap(frames: list[Frame], call: CallFrame, program: Program) -> None:
    """Move an expansion, and the blocks that are open in it, to the same position of another program."""
    old, new = call.block, program.block
    call.block, call.source = program.block, program.source
    index = call.index
    for frame in frames[frames.index(call) + 1 :]:
        if index >= len(new) or type(old[index]) is not type(new[index]):
            raise RecodeError(_DIFFERS_BEFORE)
        if isinstance(frame, CallFrame):
            frame.place = place_of(frames[: frames.index(frame)])
            return
        before, after = old[index], new[index]
        old = frame.block
        frame.block = new = _counterpart(frame, before, after)
        if isinstance(frame, LoopFrame) and isinstance(after, For | While):
            frame.owner = after
        index = frame.index
    if index > len(new):
        raise RecodeError(_DIFFERS_BEFORE)


def _counterpart(frame: BranchFrame | LoopFrame, before: Statement, after: Statement) -> Block:
    for name in ("body", "orelse", "prelude"):
        if frame.block is getattr(before, name, None):
            block: Block = getattr(after, name)
            return block
    return ()


def _drop_testing_loop(frames: list[Frame]) -> None:
    """Pop the frame of a loop that is between two passes: the current statement is then the loop itself."""
    frame = frames[-1]
    if isinstance(frame, LoopFrame) and frame.is_before_pass:
        frames.pop()
