"""The seam between the executor and the sandbox: one evaluation at a time, and what it leads to.

The executor asks for what is pending and is told of an action, a value or an exception. How often the sandbox
is fed for that is the evaluator's business: the plain one feeds it once for each evaluation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from recode_core.executor.pending import Evaluation
from recode_core.executor.run import Run
from recode_core.executor.snippets import NOTHING, Snippet, snippet_for
from recode_core.interpreter import Called, Finished, Raised, Turn
from recode_core.interpreter.host import as_variable
from recode_core.values import Span, Variable


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The value of what was pending, and the variables that were bound or may have changed."""

    value: Any
    variables: tuple[Variable, ...] = ()


Evaluating = Called | Evaluated | Raised
"""What an evaluation leads to: an action, which suspends it, its value, or an exception."""


class Evaluator(Protocol):
    """Gets from the sandbox what a statement waits for."""

    def start(self, pending: Evaluation) -> Evaluating:
        """Evaluate; to the first action, the end or a failure."""

    def answer(self, pending: Evaluation, text: str) -> Evaluating:
        """Go on with the answer to the action that `pending` is suspended in."""

    def refuse(self, error: Exception) -> Evaluating:
        """Go on with an exception in place of the answer."""

    def span_of(self, at: Called | Raised) -> Span | None:
        """Where in the code of its expansion an evaluation acts or failed; None: elsewhere."""

    def forget(self) -> None:
        """Forget what is known of the sandbox: something else than the next statement is about to change it,
        or another statement is to be the next."""


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
        """What is fed for it, kept while loops come back to it."""
        call = self._run.call
        if (known := call.snippets.get(pending)) is None:
            known = call.snippets[pending] = snippet_for(pending, call.source, call.base)
        return known

    def feed(self, snippet: Snippet, inputs: dict[str, Any] | None = None) -> Turn:
        """Bind the inputs and feed a snippet."""
        self._snippet = snippet
        return self._taken(self._run.interpreter.feed(snippet.code, inputs))

    def resume(self, text: str) -> Turn:
        """Go on in the suspended snippet."""
        return self._taken(self._run.interpreter.answer(text))

    def resume_with(self, error: Exception) -> Turn:
        """Go on in the suspended snippet with an exception."""
        return self._taken(self._run.interpreter.answer_error(error))

    def _taken(self, turn: Turn) -> Turn:
        if isinstance(turn, Finished):
            self._snippet.definition = ""  # from now on the session has it
        return turn


def evaluated(turn: Turn) -> Evaluating:
    """The interpreter's turn at a snippet that gives `(value, report)`."""
    if not isinstance(turn, Finished):
        return turn
    value, report = turn.output
    return Evaluated(value, tuple(as_variable(name, seen) for name, seen in report))
