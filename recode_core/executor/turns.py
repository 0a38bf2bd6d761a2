"""Turns of the interpreter: feeding it, and what it says: an action, an end, a failure, a loss."""

from __future__ import annotations

from dataclasses import replace

from recode_core.events import ActionReached, Failure, Printed, StatementFailed
from recode_core.executor import actions, functions
from recode_core.executor.feeds import Feed
from recode_core.executor.run import Doing, Run
from recode_core.executor.shortening import line_of_code
from recode_core.executor.stops import AtFailure, Stop
from recode_core.interpreter import Called, Finished, Raised, Turn
from recode_core.statements.functions import NO_FUNCTIONS
from recode_core.values import PRINTED_LIMIT, Span, shortened

MOST_STATEMENTS = 5_000
"""Statements between two actions, where loops repeat them. Each is recorded, and more than these nobody would
look through. A recording with more of them is followed as it is."""

_STUCK = "TimeoutError"

_CANT_ACT = "'run' cannot suspend in this synchronous context"
_LOOP = (
    "`run` can't act while a builtin calls it or takes the items one by one; nothing was done. "
    'Write a loop: for item in …: result = run("…")'
)


def feed(run: Run, feed: Feed, doing: Doing, mentions: tuple[str, ...] = ()) -> Stop | Finished:
    """Feed code that `mentions` names; to its first action, its end or its failure."""
    run.feed, run.doing, run.ahead = feed, doing, None
    gone = [name for name in mentions if name in run.interpreter.deleted] if run.edition == 1 else []
    if gone:
        return failed(run, Raised("NameError", f"name '{gone[0]}' is not defined"))
    if leads_to_loss(run):
        return repeat_lost(run)
    return turned(run, run.interpreter.feed(feed.code))


def turned(run: Run, turn: Turn) -> Stop | Finished:
    """Take what the interpreter says into account."""
    while True:
        if text := run.interpreter.printed():
            text = shortened(text, PRINTED_LIMIT)
            run.tape.emit(Printed(run.place, text))
            run.call.show(text)
        match turn:
            case Called():
                called, told = functions.without_place(turn)
                called = actions.by_position(called, run.edition)
                if (fault := actions.fault(called)) is None:
                    span, origin = functions.placed(run, told, span_of(run, called))
                    return actions.reach(run, called.args[0], span, origin)
                turn = run.interpreter.answer_error(fault)
            case Finished():
                if run.feed is not None:
                    run.feed.definition = ""  # from now on the session has it
                return turn
            case Raised():
                return failed(run, turn)


def leads_to_loss(run: Run) -> bool:
    """Whether the statement that begins lost its session when it was recorded."""
    if run.tape.is_repeating and run.tape.leads_to_loss():
        run.doing = "lost"
    return run.doing == "lost"


def repeat_lost(run: Run) -> Stop:
    """Repeat a statement that cost the session its state: what it did is known, it is not run again."""
    while (printed := run.tape.take_if(Printed)) is not None:
        run.call.show(printed.text)
    if (reached := run.tape.take_if(ActionReached)) is not None:
        return actions.at(reached)
    failed = run.tape.take(StatementFailed)
    assert failed is not None, "a loss is looked for before it is repeated"
    return AtFailure(failed.place, failed.failure)


def failed(run: Run, raised: Raised) -> Stop:
    """Stop at a failure, told with the place in the user's code."""
    if _CANT_ACT in raised.message and run.edition > 1:
        raised = replace(raised, message=_LOOP)
    span, line = None, run.place.span.line
    if run.edition <= NO_FUNCTIONS:
        raised = replace(raised, is_elsewhere=False, inner="")
    if raised.line and run.feed is not None and not raised.is_elsewhere:
        start = run.feed.origin_of(raised.line, raised.column)
        end = run.feed.origin_of(raised.end_line, raised.end_column, is_end=True)
        span = run.call.source.span(start, max(start, end))
        line = span.line
    return run.fail(run.place, failure_of(run, raised, span, line))


def failure_of(run: Run, raised: Raised, span: Span | None, line: int) -> Failure:
    """A failure as a repair is told of it."""
    text = line_of_code(run.call.source.lines[line - 1])
    placeholder = line_of_code(run.call.placeholder.text)
    message = f"{raised.type}: {raised.message}" if raised.message else raised.type
    inner = functions.shown_line(run, raised.inner, text)
    traceback = f"In the expansion of `{placeholder}`, line {line}:\n    {text}\n{inner}{message}"
    return Failure(raised.type, raised.message, traceback, span, raised.lost)


def span_of(run: Run, called: Called) -> Span:
    """Where the call that is suspended stands in the code."""
    if called.start is None or called.end is None or run.feed is None:
        return run.place.span
    start, end = run.feed.origin_of_byte(called.start), run.feed.origin_of_byte(called.end, is_end=True)
    return run.call.source.span(start, max(start, end))


def stuck(run: Run) -> Failure | None:
    """That a loop goes on and on without an action, at its next pass; as recorded, when repeating."""
    if run.tape.is_repeating:
        recorded = run.tape.next_is(StatementFailed)
        is_here = recorded is not None and recorded.place == run.place
        return recorded.failure if recorded and is_here and recorded.failure.type == _STUCK else None
    seconds = run.interpreter.limits.seconds
    if run.interpreter.busy > seconds:
        message = f"the loop ran for more than {seconds:g} s without an action"
    elif run.statements > MOST_STATEMENTS:
        message = (
            f"the loop went on for more than {MOST_STATEMENTS} statements without an action; write a "
            "computation as one statement"
        )
    else:
        return None
    return failure_of(run, Raised(_STUCK, message), run.place.span, run.place.span.line)
