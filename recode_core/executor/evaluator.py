"""The interface between the executor and the sandbox: one evaluation at a time.

An evaluation gives a value, raises an exception or is suspended at an action. The plain evaluator feeds the
sandbox once for each evaluation; `lookahead` has one that needs fewer feeds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from recode_core.executor.pending import Evaluation
from recode_core.executor.run import Run
from recode_core.executor.snippets import NOTHING, Snippet, snippet_for
from recode_core.interpreter import Called, FeedResult, Finished, Raised
from recode_core.interpreter.host import as_variable
from recode_core.values import Span, Variable


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The value of an evaluation, and the variables that were bound or may have changed."""

    value: Any
    variables: tuple[Variable, ...] = ()


Evaluating = Called | Evaluated | Raised
"""The result of an evaluation: suspended at an action, its value, or an exception."""


class Evaluator(Protocol):
    """Evaluates parts of statements in the sandbox."""

    def start(self, pending: Evaluation) -> Evaluating:
        """Evaluate up to the first action, the end or a failure."""

    def answer(self, pending: Evaluation, text: str) -> Evaluating:
        """Resume `pending`, which is suspended at an action, with the observation."""

    def refuse(self, error: Exception) -> Evaluating:
        """Resume with an exception instead of an observation."""

    def span_of(self, at: Called | Raised) -> Span | None:
        """The range of an action or failure in the code of its expansion; None if it is elsewhere."""

    def forget(self) -> None:
        """Discard results of lookahead, before anything but the next statement uses the sandbox."""


MakeEvaluator = Callable[[Run], Evaluator]


class PlainEvaluator:
    """Feeds the sandbox once for each evaluation."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._snippet = NOTHING

    def start(self, pending: Evaluation) -> Evaluating:
        return evaluated(self.feed(self.snippet_for(pending)))

    def answer(self, pending: Evaluation, text: str) -> Evaluating:
        del pending
        return evaluated(self.resume(text))

    def refuse(self, error: Exception) -> Evaluating:
        return evaluated(self.resume_with(error))

    def span_of(self, at: Called | Raised) -> Span | None:
        snippet, source = self._snippet, self._run.call.source
        if isinstance(at, Called):
            if at.start is None or at.end is None:
                return None
            start, end = snippet.origin_of_byte(at.start), snippet.origin_of_byte(at.end, is_end=True)
        elif at.line and not at.is_elsewhere:
            start = snippet.origin_of(at.line, at.column)
            end = snippet.origin_of(at.end_line, at.end_column, is_end=True)
        else:
            return None
        return source.span(start, max(start, end))

    def forget(self) -> None:
        pass

    def snippet_for(self, pending: Evaluation) -> Snippet:
        """The snippet for an evaluation, kept for the next pass of a loop."""
        call = self._run.call
        if (known := call.snippets.get(pending)) is None:
            known = call.snippets[pending] = snippet_for(pending, call.source, call.base)
        return known

    def feed(self, snippet: Snippet, inputs: dict[str, Any] | None = None) -> FeedResult:
        """Feed a snippet with inputs."""
        self._snippet = snippet
        return self._note_definition(self._run.interpreter.feed(snippet.code, inputs))

    def resume(self, text: str) -> FeedResult:
        """Resume the suspended snippet."""
        return self._note_definition(self._run.interpreter.answer(text))

    def resume_with(self, error: Exception) -> FeedResult:
        """Resume the suspended snippet with an exception."""
        return self._note_definition(self._run.interpreter.answer_error(error))

    def _note_definition(self, result: FeedResult) -> FeedResult:
        if isinstance(result, Finished):
            self._snippet.definition = ""  # the session has it now
        return result


def evaluated(result: FeedResult) -> Evaluating:
    """The result of a snippet, whose value is `(value, report)`."""
    if not isinstance(result, Finished):
        return result
    value, report = result.output
    return Evaluated(value, tuple(as_variable(name, seen) for name, seen in report))
