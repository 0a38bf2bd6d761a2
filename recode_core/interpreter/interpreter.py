"""The interpreter: a namespace that code runs in, and inspection of it without side effects."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pydantic_monty as monty

from recode_core.errors import SandboxUnavailable
from recode_core.interpreter import _monty, host, libraries
from recode_core.interpreter.feeds import feed_all_again
from recode_core.interpreter.host import EvaluationFailed, NotSaved
from recode_core.interpreter.recovering import RecoveringSession
from recode_core.interpreter.sessions import SandboxLimits, Worker, checkout
from recode_core.statements.expressions import NotAnExpression, parse_expression
from recode_core.statements.rewrites import rewritten_expression
from recode_core.statements.rules import RuleBroken
from recode_core.values import SHOWN_LIMIT, Variable


class Interpreter(RecoveringSession):
    """The namespace of an episode, in a sandbox."""

    def __init__(self, limits: SandboxLimits | None = None) -> None:
        super().__init__(limits or SandboxLimits())
        self._names: frozenset[str] = frozenset()

    def names(self) -> frozenset[str]:
        """The names of the namespace; the last known ones if the sandbox is too full to list them."""
        with suppress(EvaluationFailed):
            self._names = frozenset(self._run_internal("__rc_names(__rc_locals())"))
        return (self._names | self.shown.keys()) - self.deleted

    def variables(self, names: Sequence[str], limit: int = SHOWN_LIMIT) -> tuple[Variable, ...]:
        """The variables among `names`, in this order. Not while suspended.

        If they cannot be shown within the limits, their last shown values are returned.
        """
        code = f"__rc_show(__rc_locals(), {tuple(names)!r}, False, {limit})"
        try:
            shown = {name: host.as_variable(name, seen) for name, seen in self._run_internal(code)}
        except EvaluationFailed:
            known = self.names()
            shown = {name: self.shown.get(name, host.not_shown(name)) for name in names if name in known}
        return tuple(shown[name] for name in names if name in shown.keys() - self.deleted)

    def evaluate(self, expression: str, limit: int = SHOWN_LIMIT) -> Variable:
        """The value of an expression, evaluated on a copy of the sandbox.

        Raises EvaluationFailed, also if the copy or the value exceeds the limits.
        """
        definitions, text = self._rewritten(expression)
        code = f"{definitions}__rc_v((\n{text}\n), {limit})"
        worker = self._copy()
        try:
            for library in libraries.needed(code, self._libraries):
                source = libraries.source(library)
                worker.session.feed_run(source, print_callback=monty.CollectString())
            snapshot = worker.session.feed_start(code, print_callback=monty.CollectString())
        except (monty.MontyError, RuntimeError) as error:
            kind, message = _monty.type_and_message(error)
            raise EvaluationFailed(f"{kind}: {message}", kind) from None
        else:
            if not isinstance(snapshot, monty.MontyComplete):
                raise host.evaluation_failure(snapshot, expression)
            return host.as_variable(expression, snapshot.output)
        finally:
            worker.release()

    def _rewritten(self, expression: str) -> tuple[str, str]:
        """The definitions and the text to feed for an expression. Raises EvaluationFailed."""
        try:
            tree = parse_expression(expression)
            healed = rewritten_expression(expression, self.shown.keys())
        except (NotAnExpression, RuleBroken) as error:
            raise EvaluationFailed(str(error)) from None
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if gone := sorted(names & self.deleted):
            raise EvaluationFailed(f"name '{gone[0]}' is not defined", "NameError")
        return healed

    def _run_internal(self, code: str) -> Any:
        """Run code of the engine, which has no effect that generated code can see.

        Raises EvaluationFailed if it exceeds the limits; the session is unchanged then.
        """
        assert self._snapshot is None, "a call is suspended: evaluate on a copy instead"
        self._flush()

        def run() -> Any:
            self._count += 1
            return self._worker.session.feed_run(code, print_callback=monty.CollectString())

        try:
            return self._with_rebuild(run)
        except (monty.MontyError, RuntimeError) as error:
            kind, message = _monty.type_and_message(error)
            raise EvaluationFailed(f"the sandbox cannot be inspected: {message}", kind) from None

    def _copy(self) -> Worker:
        """A copy of the session. A suspended call is interrupted in it. Raises EvaluationFailed."""
        if self._snapshot is None:
            self._flush()
        try:
            with suppress(NotSaved):
                return self._load_worker(self.image()) if self._snapshot is None else self._interrupted_copy()
            return self._refed_copy()
        except (NotSaved, SandboxUnavailable) as error:
            raise EvaluationFailed(f"the sandbox cannot be copied: {error}") from None

    def _interrupted_copy(self) -> Worker:
        """A copy whose suspended call raised KeyboardInterrupt. Raises NotSaved if that is not possible."""
        if not self._is_savable:
            raise NotSaved("the sandbox is too large to be saved within its memory limit")
        worker, _ = checkout(self.limits, lambda session: None)
        try:
            assert self._snapshot is not None
            state = self._snapshot.dump()
            snapshot = worker.session.load_snapshot(state, print_callback=monty.CollectString())
            assert isinstance(snapshot, monty.FunctionSnapshot)
            snapshot.resume({"exception": KeyboardInterrupt()})
        except (monty.MontyError, RuntimeError) as error:
            if isinstance(_monty.inner(error), KeyboardInterrupt):
                return worker
        worker.release()
        if not self._worker.is_alive:  # saving it exceeded the memory limit
            self._is_savable = False
            snapshot = self._feed_again()
            assert isinstance(snapshot, monty.FunctionSnapshot)
            self._snapshot = snapshot
        raise NotSaved("the suspended call cannot be interrupted on a copy")

    def _refed_copy(self) -> Worker:
        """A copy that is made by feeding the code again; if suspended, without the current statement."""
        worker = self._load_worker(self._image)
        try:
            feeds = self._feeds if self._snapshot is None else self._feeds[:-1]
            feed_all_again(worker.session, feeds, self.limits.seconds)
        except BaseException:
            worker.release()
            raise
        return worker
