"""Run an evaluation to its value or to a stop (an action or a failure), and record the prints on the way."""

from __future__ import annotations

from dataclasses import replace

from recode_core.events import ActionReached, Failure, Printed, StatementFailed
from recode_core.executor import action_calls
from recode_core.executor.actions import Actions, stop_at
from recode_core.executor.evaluator import Evaluated, Evaluating, Evaluator
from recode_core.executor.pending import Evaluation, RecordedCrash
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtAction, AtFailure, RunState
from recode_core.executor.shortening import line_of_code
from recode_core.interpreter import Called, Raised
from recode_core.statements.functions import LAST_EDITION_WITHOUT_FUNCTIONS
from recode_core.values import PRINTED_LIMIT, Span, shortened

_CANNOT_ACT = (
    "`run` can't act while a builtin calls it or takes the items one by one; nothing was done. "
    'Write a loop: for item in …: result = run("…")'
)


class FeedLoop:
    """Runs the pending evaluation. A statement whose recording ends with a crash is not executed again."""

    def __init__(self, run: Run, evaluator: Evaluator, actions: Actions) -> None:
        self._run = run
        self._evaluator = evaluator
        self._actions = actions

    def start(self, pending: Evaluation) -> RunState | Evaluated:
        """Start an evaluation and run it to its first action, its value or its failure."""
        run = self._run
        run.pending = pending
        if gone := self._deleted_in(pending):
            self._evaluator.forget()
            return self._failed(Raised("NameError", f"name '{gone}' is not defined"))
        if run.recorder.is_repeating and run.recorder.will_crash():
            self._evaluator.forget()
            run.pending = RecordedCrash()
            return self._replay_crash()
        return self._reached(self._evaluator.start(pending))

    def answer(self, text: str) -> RunState | Evaluated:
        """Resume the pending evaluation with the observation of its action."""
        pending = self._run.pending
        if isinstance(pending, RecordedCrash):
            return self._replay_crash()
        assert pending is not None, "only what is pending acts"
        return self._reached(self._evaluator.answer(pending, text))

    def _deleted_in(self, pending: Evaluation) -> str:
        """A deleted name that is read, in the first edition; later the sandbox itself raises NameError."""
        if self._run.edition > 1:
            return ""
        return next((name for name in pending.mentions if name in self._run.interpreter.deleted), "")

    def _reached(self, found: Evaluating) -> RunState | Evaluated:
        while True:
            self._take_printed()
            match found:
                case Called():
                    state = self._acts(found)
                    if not isinstance(state, Exception):
                        return state
                    found = self._evaluator.refuse(state)
                case Evaluated():
                    return found
                case Raised():
                    return self._failed(found)

    def _take_printed(self) -> None:
        if text := self._run.interpreter.printed():
            text = shortened(text, PRINTED_LIMIT)
            self._run.recorder.emit(Printed(self._run.place, text))
            self._run.call.show(text)

    def _acts(self, called: Called) -> AtAction | TypeError | ValueError:
        """Stop before an action; returns an exception if its arguments are invalid."""
        run = self._run
        called, place = action_calls.split_place(called)
        called = action_calls.with_positional_action(called, run.edition)
        if (error := action_calls.argument_error(called)) is not None:
            return error
        span, origin = action_calls.locate(run, place, self._evaluator.span_of(called) or run.place.span)
        return self._actions.reach(called.args[0], span, origin)

    def _replay_crash(self) -> RunState:
        """Replay the records of a statement that crashed the sandbox, without executing it."""
        recorder = self._run.recorder
        while (printed := recorder.take(Printed)) is not None:
            self._run.call.show(printed.text)
        if (reached := recorder.take(ActionReached)) is not None:
            return stop_at(reached)
        failed = recorder.expect(StatementFailed)
        assert failed is not None, "will_crash() has found the failure"
        return AtFailure(failed.place, failed.failure)

    def _failed(self, raised: Raised) -> RunState:
        """Stop at a failure, with its position in the code of the expansion."""
        run = self._run
        if raised.cannot_act and run.edition > 1:
            raised = replace(raised, message=_CANNOT_ACT)
        if run.edition <= LAST_EDITION_WITHOUT_FUNCTIONS:
            raised = replace(raised, is_elsewhere=False, inner="")
        span = self._evaluator.span_of(raised)
        line = span.line if span is not None else run.place.span.line
        return run.fail(run.place, failure_of(run, raised, span, line))


def failure_of(run: Run, raised: Raised, span: Span | None, line: int) -> Failure:
    """The failure for an exception, with a traceback for the repair request."""
    text = line_of_code(run.call.source.lines[line - 1])
    placeholder = line_of_code(run.call.placeholder.text)
    message = f"{raised.type}: {raised.message}" if raised.message else raised.type
    inner = action_calls.inner_line(run, raised.inner, text)
    traceback = f"In the expansion of `{placeholder}`, line {line}:\n    {text}\n{inner}{message}"
    return Failure(raised.type, raised.message, traceback, span, raised.state_lost)
