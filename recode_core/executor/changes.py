"""What a user may do to a run at rest. Applied the first time and when a recording is repeated, by one path.

Whoever calls has made sure that the change fits the stop and is valid.
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
from recode_core.executor.frames import Branch, Call, Frame, Loop, copied, path_of, place_of, top_call
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


class UserChanges:
    """Changes to a run at rest.

    Where a change takes effect: a statement that waits in its first action has not begun for good, so
    whatever changes variables or code puts the run back before that statement. A loop that stands before its
    next pass is left, and its whole statement is meant. Example: in `for x in xs: seen = run(x)`, an edit of
    the body while `run` is suspended starts `seen = …` in its new form, in the same pass, with the same `x`.
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
        """Do a recorded change again."""
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
        changed = self._variables.changed(seen, (name,))
        self._run.call.bound.add(name)
        self._run.recorder.emit(VariableSet(name, expression, changed))
        if isinstance(self._run.state, AtModel):
            self._run.state = self._calls.request("changed")

    def skip(self) -> None:
        """Leave out the statement or placeholder that the run rests at."""
        self._back_to_statement()
        state = self._run.state
        assert isinstance(state, AtStatement | AtModel | AtFailure)
        self._run.recorder.emit(StatementSkipped(state.place))
        _drop_testing_loop(self._run.frames)
        if self._run.call.place == state.place:
            while not isinstance(self._run.frames.pop(), Call):
                pass
        self._run.state = self._statements.go_on()

    def replace_action(self, action: str) -> None:
        """Take another action in place of the next."""
        state = self._run.state
        assert isinstance(state, AtAction)
        self._run.recorder.emit(ActionReplaced(action))
        self._run.state = replace(state, action=action)

    def observe(self, text: str) -> None:
        """Answer the next action by hand; the world does not hear of it."""
        state = self._run.state
        assert isinstance(state, AtAction)
        observation = guard.observation_of(Observation(text, self._run.spent.score))
        self._run.recorder.emit(ActionFinished(observation, by="user"))
        self._actions.count(state, observation)
        self._run.state = self._statements.answer(observation.text) or self._statements.go_on()

    def edit_prompt(self, messages: tuple[Message, ...]) -> None:
        """Send other messages in the next policy call."""
        state = self._run.state
        assert isinstance(state, AtModel)
        self._run.recorder.emit(
            PromptEdited(state.place, tuple(self._run.recorder.intern(message) for message in messages))
        )
        self._run.state = AtModel(state.place, msgspec.structs.replace(state.request, messages=messages))

    def reply(self, text: str, by: Literal["user", "reuse"] = "user") -> None:
        """Answer the next policy call in the policy's place."""
        state = self._run.state
        assert isinstance(state, AtModel)
        replied = ExpansionReplied(state.place.node, clean(text), Usage(), by=by)
        self._run.recorder.emit(replied)
        self._run.state = self._expansions.read(replied) or self._statements.go_on()

    def regenerate(self, hint: str = "", model: str = "", temperature: float | None = None) -> None:
        """Ask anew, as another attempt."""
        state = self._run.state
        assert isinstance(state, AtModel)
        self._run.recorder.emit(Regenerated(state.place, hint, model, temperature))
        call = self._run.call
        call.begin_attempt()
        call.given_up, call.is_retry, call.is_stuck = frozenset(), False, False
        call.hint, call.model, call.temperature = hint, model, temperature
        self._run.state = self._calls.request("regenerate")

    def set_prompts(self, name: str, system: str, only: bool = False) -> None:
        """Begin requests with another system message: from here on, or those for this placeholder `only`."""
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
        """Give a limit another value; the run can go on if it stood there."""
        self._run.recorder.emit(LimitRaised(name, value))
        if name == ENVIRONMENT_STEPS:
            self._run.step_limit = sys.maxsize if value is None else int(value)
        else:
            exact = value if value is None or name not in COUNTED else int(value)  # a file says 2.0
            self._run.limits = msgspec.structs.replace(self._run.limits, **{name: exact})

    def edit(self, node: str, code: str) -> None:
        """Go on with other code in an open expansion, of which nothing that differs has begun.

        Raises RuleBroken where the code is refused, RecodeError where it differs in what has begun.
        """
        frames = copied(self._run.frames)  # what is refused half way leaves the run as it is
        call = next(frame for frame in frames if isinstance(frame, Call) and frame.node == node)
        program = self._run.agent.parse(code, call.defined)
        inside = frames[frames.index(call) + 1 :]
        is_innermost = not any(isinstance(frame, Call) and frame.index >= 0 for frame in inside)
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
            self._run.state = self._statements.go_on()

    def _back_to_statement(self) -> None:
        """A statement that waits in its first action has not begun: put the run back before it."""
        self._evaluator.forget()
        if isinstance(self._run.state, AtLimit):
            self._run.state = self._run.state.before
        if isinstance(self._run.state, AtAction):
            if self._run.interpreter.suspended:
                self._run.interpreter.rewind()
            self._run.state = AtStatement(self._run.state.place)


def _remap(frames: list[Frame], call: Call, program: Program) -> None:
    """Put a call and the blocks open inside it at the same position of another program."""
    old, new = call.block, program.block
    call.block, call.source = program.block, program.source
    index = call.index
    for frame in frames[frames.index(call) + 1 :]:
        if isinstance(frame, Call):
            frame.place = place_of(frames[: frames.index(frame)])
            return
        before, after = old[index], new[index]
        if type(before) is not type(after):
            raise RecodeError("the new code differs before the place where the run stands; go back first")
        old = frame.block
        frame.block = new = _counterpart(frame, before, after)
        if isinstance(frame, Loop) and isinstance(after, For | While):
            frame.owner = after
        index = frame.index


def _counterpart(frame: Branch | Loop, before: Statement, after: Statement) -> Block:
    for name in ("body", "orelse", "prelude"):
        if frame.block is getattr(before, name, None):
            block: Block = getattr(after, name)
            return block
    return ()


def _drop_testing_loop(frames: list[Frame]) -> None:
    """A loop that stands before its next pass is left: its whole statement is meant."""
    frame = frames[-1]
    if isinstance(frame, Loop) and frame.is_before_pass:
        frames.pop()
