"""Expansions: asking for the code of a placeholder, taking it or refusing it, and asking again."""

from __future__ import annotations

import time
from typing import Literal

import msgspec

from recode_core.errors import CallBrokenOff, PolicyUnavailable
from recode_core.events import (
    CallFailed,
    Child,
    ExpansionAccepted,
    ExpansionRefused,
    ExpansionReplied,
    ExpansionRequested,
    Failure,
    Place,
    StatementFailed,
    StatementFinished,
)
from recode_core.executor import bindings, repairs
from recode_core.executor.frames import Call, Reason
from recode_core.executor.run import Run
from recode_core.executor.stops import AtFailure, AtModel, Stop
from recode_core.interpreter import Finished
from recode_core.policies import guard
from recode_core.policies.policy import Turn
from recode_core.policies.prompt import prompt_hash
from recode_core.policies.reply import ParsedReply, ReplyRefused
from recode_core.statements import Code, Program, RuleBroken, statement_kind
from recode_core.statements.names import MODULES
from recode_core.values import MESSAGE_LIMIT, Message, Variable, clean, shortened

PROMPT_LIMIT = 2000
"""Characters of a variable's value that a prompt shows."""


def begin(run: Run, placeholder: Code, place: Place) -> Stop:
    """A placeholder was reached: rest before its first policy call."""
    depth = sum(isinstance(frame, Call) for frame in run.frames)
    if depth > run.limits.depth:
        return run.fail(place, repairs.too_deep(run.limits))
    is_retry = any(isinstance(frame, Call) and placeholder.text in frame.given_up for frame in run.frames)
    base = f"{place.node}."
    run.frames.append(
        Call((), node=place.node, place=place, placeholder=placeholder, base=base, is_retry=is_retry)
    )
    return request(run, "first", bound=_bind_keywords(run, placeholder))


def _bind_keywords(run: Run, placeholder: Code) -> tuple[Variable, ...]:
    """Bind the literals that a placeholder's keywords have, since its expansion knows them by these names."""
    if not placeholder.keywords:
        return ()
    run.ahead = None
    lines = [f"{name} = {literal}\n" for name, literal in placeholder.keywords]
    if not isinstance(run.interpreter.feed("".join(lines) + "None"), Finished):
        return ()  # the sandbox has no room left
    run.call.keywords = tuple(dict.fromkeys(name for name, _ in placeholder.keywords))
    return bindings.set_by_engine(run, run.call.keywords)


def ask(run: Run, stop: AtModel) -> Stop | None:
    """Take the reply to a request, from the recording or from the policy, and read it."""
    replied = run.tape.take(ExpansionReplied)
    if replied is None:
        replied = _call_policy(run, stop)
        run.tape.emit(replied)
    return read(run, replied)


def recover(run: Run, stop: AtFailure) -> Stop | None:
    """Ask again for the innermost placeholder that failed, or let it fail in its parent; a turn is over."""
    call = run.call
    failure = stop.failure
    if not call.node:
        return run.end("failed", f"{failure.type}: {failure.message}")
    while not isinstance(run.frames[-1], Call):
        run.frames.pop()
    if run.agent.takes_turns:
        call.show(repairs.told(failure))
        _done(run, call, failed=True)
        return None
    recorded = run.tape.next_is(StatementFailed)
    if recorded is not None and run.edition <= repairs.REPAIRS_BY_PLACE:
        return repairs.give_up(run, recorded.failure)
    if recorded is not None or (not run.tape.is_repeating and call.repairs >= repairs.allowed(run)):
        return repairs.give_up(run, repairs.exhausted(call, failure))
    call.repairs, call.trouble = call.repairs + 1, repairs.trouble_of(call, failure)
    call.begin_attempt()
    return request(run, "repair")


def finish(run: Run) -> Stop | None:
    """An expansion came to its end: its placeholder is done, if it bound what it had to."""
    call = run.frames[-1]
    assert isinstance(call, Call)
    if not call.node:
        return run.end("finished")
    missing = [name for name in call.placeholder.targets if name not in call.bound]
    if missing:
        call.block, call.index = (), -1
        names = ", ".join(f"`{name}`" for name in missing)
        message = f"the expansion of `{call.placeholder.text}` ended without binding {names}"
        return run.fail(call.place, Failure("NotBound", message))
    _done(run, call)
    return None


def _done(run: Run, call: Call, failed: bool = False) -> None:
    """The innermost placeholder is done; a turn becomes history."""
    run.frames.pop()
    run.call.bound |= call.bound
    run.call.done.extend(call.done)
    run.tape.emit(StatementFinished(call.place))
    if (history := run.lowest.history) is not None:
        turn = Turn(call.thought, call.source.text, call.output, failed)
        run.lowest.history = msgspec.structs.replace(history, turns=(*history.turns, turn))
        run.spent.turns += 1


def request(run: Run, reason: Reason, refusal: str = "", bound: tuple[Variable, ...] = ()) -> Stop:
    """Stop before a policy call for the innermost placeholder."""
    call = run.call
    call.reason = reason
    modules = unbound_modules(run)
    names = dict.fromkeys((*call.placeholder.mentions, *call.keywords))
    variables = run.interpreter.variables([name for name in names if name not in modules], PROMPT_LIMIT)
    repair = f"{call.trouble}\n\n{refusal}".strip()
    request = run.agent.request(call.placeholder.text, variables, repair, call.hint, run.lowest.history)
    messages = request.messages
    if system := call.system or run.system:
        messages = (Message("system", system), *messages[1:])
    request = msgspec.structs.replace(
        request, messages=messages, model=call.model, temperature=call.temperature
    )
    model = call.model or guard.model_of(run.policy)
    run.tape.emit(
        ExpansionRequested(
            place=call.place,
            attempt=call.attempt,
            reason=reason,
            statement=call.placeholder.text,
            variables=variables,
            messages=tuple(run.tape.refer(message) for message in request.messages),
            prompt=prompt_hash(request.messages, model, _sampling(run, call)),
            model=model,
            hint=call.hint,
            bound=bound,
        )
    )
    return AtModel(call.place, request)


def _sampling(run: Run, call: Call) -> dict[str, str | float | int]:
    wish = {} if call.temperature is None else {"temperature": call.temperature}
    return {**guard.sampling_of(run.policy), **wish}


def _call_policy(run: Run, stop: AtModel) -> ExpansionReplied:
    began = time.monotonic()
    try:
        reply = guard.expand(run.policy, stop.request, run.stream)
    except PolicyUnavailable as error:
        by: Literal["policy", "user"] = "user" if isinstance(error, CallBrokenOff) else "policy"
        why = shortened(clean(str(error)), MESSAGE_LIMIT)
        run.tape.note(CallFailed(stop.place.node, why, error.usage, by))
        run.spent.add(error.usage)
        raise
    seconds = round(time.monotonic() - began, 3)
    return ExpansionReplied(stop.place.node, reply.text, reply.usage, reply.finish, seconds, why=reply.why)


def read(run: Run, replied: ExpansionReplied) -> Stop | None:
    """Take a recorded reply apart: accept its code, or refuse it and rest before the next call."""
    if replied.by == "policy":
        run.spent.add_call(replied.usage)
        run.spent.repairs += run.call.reason == "repair"
    try:
        reply = _settled(run, replied)
        run.call.defined = defined_names(run)
        program = run.agent.parse(reply.code, run.call.defined)
    except ReplyRefused as error:
        return _refuse(run, 0, str(error))
    except RuleBroken as error:
        return _refuse(run, error.line, error.rule)
    _accept(run, program, reply.thought)
    return None


def _settled(run: Run, replied: ExpansionReplied) -> ParsedReply:
    """Thought and code of a reply. Raises ReplyRefused, or RuleBroken, where it was or is refused.

    What was recorded of a reply stands, though it would be read otherwise today.
    """
    match run.tape.verdict():
        case ExpansionRefused(line=line, rule=rule):
            raise RuleBroken(line, rule)
        case ExpansionAccepted(thought=thought, code=code):
            recorded = ParsedReply(thought, code)
            if not _reads_as(run, replied, recorded):
                run.tape.reworded.append(replied.node)
            return recorded
    return _reading(run, replied)


def _reading(run: Run, replied: ExpansionReplied) -> ParsedReply:
    if replied.finish != "stop":
        raise ReplyRefused(f"{_CUT[replied.finish]} {replied.why}".strip())
    return run.agent.read(replied.text)


def _reads_as(run: Run, replied: ExpansionReplied, recorded: ParsedReply) -> bool:
    try:
        return _reading(run, replied) == recorded
    except ReplyRefused:
        return False


_CUT = {
    "length": "The reply was cut at the token limit: write less.",
    "refusal": "The model, or its server, refused to reply.",
    "cut": "The reply ended before it was whole.",
    "aborted": "The reply was broken off before its end.",
}
"""What the policy is told about a reply that is not whole. None of it runs, though it may hold code."""


def defined_names(run: Run) -> frozenset[str]:
    """The names that something defines or has defined: a call of a deleted name fails, as in Python."""
    names = run.interpreter.names() - unbound_modules(run)
    return names if run.edition == 1 else names | run.interpreter.deleted


def unbound_modules(run: Run) -> frozenset[str]:
    """The modules that are there without an import and that no code has bound: no variables, to anybody."""
    return MODULES - run.interpreter.shown.keys() if run.edition > 2 else frozenset()


def _accept(run: Run, program: Program, thought: str) -> None:
    call = run.call
    call.source, call.block, call.index, call.thought = program.source, program.block, -1, thought
    children = tuple(Child(top.span, statement_kind(top)) for top in program.tops)
    run.tape.emit(ExpansionAccepted(call.node, call.attempt, thought, program.source.text, children))


def _refuse(run: Run, line: int, rule: str) -> Stop:
    call = run.call
    rule = shortened(rule, MESSAGE_LIMIT)
    run.tape.emit(ExpansionRefused(call.node, line, rule))
    call.rewrites += 1
    if call.rewrites > run.limits.rewrites:
        message = (
            f"no acceptable expansion after {run.limits.rewrites} rewrites; the last was refused: {rule}"
        )
        return repairs.give_up(run, Failure("RewritesExhausted", message))
    where = f"line {line}: " if line else ""
    refusal = f"Your last reply was refused and nothing of it ran. {where}{rule}"
    return request(run, "rewrite", refusal)
