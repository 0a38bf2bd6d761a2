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
    Child,
    ExpansionEdited,
    ExpansionReplied,
    LimitRaised,
    PromptEdited,
    PromptsChanged,
    Regenerated,
    StatementSkipped,
    VariableSet,
)
from recode_core.executor import actions, bindings, control, expansions
from recode_core.executor.frames import Branch, Call, Frame, Loop, copied, path_of, place_of, top_call
from recode_core.executor.limits import COUNTED, ENVIRONMENT_STEPS
from recode_core.executor.run import Run
from recode_core.executor.stops import AtAction, AtFailure, AtLimit, AtModel, AtStatement
from recode_core.interpreter import Finished, Raised
from recode_core.statements import Block, For, Program, Statement, While, statement_kind
from recode_core.values import Message, Observation, Usage, clean


def repeat(run: Run, change: Change) -> None:
    """Do a recorded change again."""
    match change:
        case ExpansionEdited():
            edit(run, change.node, change.code)
        case PromptEdited():
            edit_prompt(run, tuple(run.tape.load(ref) for ref in change.messages))
        case Regenerated():
            regenerate(run, change.hint, change.model, change.temperature)
        case PromptsChanged():
            set_prompts(run, change.name, run.tape.load(change.system).content, change.only)
        case StatementSkipped():
            skip(run)
        case VariableSet():
            set_variable(run, change.name, change.expression)
        case ActionReplaced():
            replace_action(run, change.action)
        case LimitRaised():
            raise_limit(run, change.name, change.value)
        case _:
            assert_never(change)


def set_variable(run: Run, name: str, expression: str) -> None:
    """Give a variable the value of an expression; a statement that waits in an action starts again.

    Raises RecodeError where the expression fails; nothing is changed then.
    """
    _back_to_statement(run)
    code = f"{name} = (\n{expression}\n)\n__rc_show(__rc_locals(), ({name!r},), True)"
    turn = run.interpreter.feed(code)
    if not isinstance(turn, Finished):
        why = f"{turn.type}: {turn.message}" if isinstance(turn, Raised) else "it would act in the world"
        if run.interpreter.suspended:
            run.interpreter.rewind()
        raise RecodeError(f"{name} = {expression} can't be set: {why}")
    changed = bindings.changes(run, turn.output, (name,))
    run.call.bound.add(name)
    run.tape.emit(VariableSet(name, expression, changed))
    if isinstance(run.stop, AtModel):
        run.stop = expansions.request(run, "changed")


def skip(run: Run) -> None:
    """Leave out the statement or placeholder that the run rests at."""
    _back_to_statement(run)
    stop = run.stop
    assert isinstance(stop, AtStatement | AtModel | AtFailure)
    run.tape.emit(StatementSkipped(stop.place))
    _drop_testing_loop(run.frames)
    if run.call.place == stop.place:
        while not isinstance(run.frames.pop(), Call):
            pass
    run.stop = control.rest(run)


def replace_action(run: Run, action: str) -> None:
    """Take another action in place of the next."""
    stop = run.stop
    assert isinstance(stop, AtAction)
    run.tape.emit(ActionReplaced(action))
    run.stop = replace(stop, action=action)


def observe(run: Run, text: str) -> None:
    """Answer the next action by hand; the world does not hear of it."""
    stop = run.stop
    assert isinstance(stop, AtAction)
    observation = guard.observation_of(Observation(text, run.spent.score))
    run.tape.emit(ActionFinished(observation, by="user"))
    actions.count(run, stop, observation)
    run.stop = control.answered(run, observation.text) or control.rest(run)


def edit_prompt(run: Run, messages: tuple[Message, ...]) -> None:
    """Send other messages in the next policy call."""
    stop = run.stop
    assert isinstance(stop, AtModel)
    run.tape.emit(PromptEdited(stop.place, tuple(run.tape.refer(message) for message in messages)))
    run.stop = AtModel(stop.place, msgspec.structs.replace(stop.request, messages=messages))


def reply(run: Run, text: str, by: Literal["user", "reuse"] = "user") -> None:
    """Answer the next policy call in the policy's place."""
    stop = run.stop
    assert isinstance(stop, AtModel)
    replied = ExpansionReplied(stop.place.node, clean(text), Usage(), by=by)
    run.tape.emit(replied)
    run.stop = expansions.read(run, replied) or control.rest(run)


def regenerate(run: Run, hint: str = "", model: str = "", temperature: float | None = None) -> None:
    """Ask anew, as another attempt."""
    stop = run.stop
    assert isinstance(stop, AtModel)
    run.tape.emit(Regenerated(stop.place, hint, model, temperature))
    call = run.call
    call.begin_attempt()
    call.given_up, call.is_retry, call.is_stuck = frozenset(), False, False
    call.hint, call.model, call.temperature = hint, model, temperature
    run.stop = expansions.request(run, "regenerate")


def set_prompts(run: Run, name: str, system: str, only: bool = False) -> None:
    """Begin requests with another system message: from here on, or those for this placeholder `only`."""
    stop = run.stop
    assert isinstance(stop, AtModel)
    run.tape.emit(PromptsChanged(stop.place, name, run.tape.refer(Message("system", system)), only))
    if only:
        run.call.system = system
    else:
        run.system, run.call.system = system, ""
    run.stop = expansions.request(run, "changed")


def raise_limit(run: Run, name: str, value: float | None) -> None:
    """Give a limit another value; the run can go on if it stood there."""
    run.tape.emit(LimitRaised(name, value))
    if name == ENVIRONMENT_STEPS:
        run.step_limit = sys.maxsize if value is None else int(value)
    else:
        exact = value if value is None or name not in COUNTED else int(value)  # a file says 2.0
        run.limits = msgspec.structs.replace(run.limits, **{name: exact})


def edit(run: Run, node: str, code: str) -> None:
    """Go on with other code in an open expansion, of which nothing that differs has begun.

    Raises RuleBroken where the code is refused, RecodeError where it differs in what has begun.
    """
    frames = copied(run.frames)  # what is refused half way leaves the run as it is
    call = next(frame for frame in frames if isinstance(frame, Call) and frame.node == node)
    program = run.agent.parse(code, call.defined)
    inside = frames[frames.index(call) + 1 :]
    is_innermost = not any(isinstance(frame, Call) and frame.index >= 0 for frame in inside)
    if is_innermost:
        while top_call(frames) is not call:
            frames.pop()
        _drop_testing_loop(frames)
    _remap(frames, call, program)
    if is_innermost:
        _back_to_statement(run)
        frames[-1].index -= 1
    run.frames = frames
    children = tuple(Child(top.span, statement_kind(top)) for top in program.tops)
    path = path_of(frames)
    run.tape.emit(ExpansionEdited(node, call.attempt, program.source.text, children, path))
    if is_innermost:
        run.stop = control.rest(run)


def _remap(frames: list[Frame], call: Call, program: Program) -> None:
    """Put a call and the blocks open inside it at the same position of another program."""
    old, new = call.block, program.block
    call.block, call.source = program.block, program.source
    call.feeds.clear()
    call.answers.clear()
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


def _back_to_statement(run: Run) -> None:
    """A statement that waits in its first action has not begun: put the run back before it."""
    run.ahead = None
    if isinstance(run.stop, AtLimit):
        run.stop = run.stop.before
    if isinstance(run.stop, AtAction):
        if run.interpreter.suspended:
            run.interpreter.rewind()
        run.stop = AtStatement(run.stop.place)
