"""One namespace that code is run in, and what can be seen of it without touching it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pydantic_monty as monty

from recode_core.errors import SandboxUnavailable
from recode_core.interpreter import _monty, host, libraries
from recode_core.interpreter.feeds import repeat_all
from recode_core.interpreter.host import EvaluationFailed, NotSaved
from recode_core.interpreter.recovering import RecoveringSession
from recode_core.interpreter.sessions import SandboxLimits, Worker, checkout
from recode_core.statements.expressions import NotAnExpression, parse_expression
from recode_core.statements.heal import healed_expression
from recode_core.statements.rules import RuleBroken
from recode_core.values import SHOWN_LIMIT, Variable


class Interpreter(RecoveringSession):
    """One namespace."""

    def __init__(self, limits: SandboxLimits | None = None) -> None:
        super().__init__(limits or SandboxLimits())
        self._names: frozenset[str] = frozenset()

    def names(self) -> frozenset[str]:
        """The names of the namespace; as they were last known, where it has no room left to tell."""
        with suppress(EvaluationFailed):
            self._names = frozenset(self._look("__rc_names(__rc_locals())"))
        return (self._names | self.shown.keys()) - self.deleted

    def variables(self, names: Sequence[str], limit: int = SHOWN_LIMIT) -> tuple[Variable, ...]:
        """Those of `names` that exist, in the order asked for; not while suspended.

        Where they can't be looked at within the limits, they are as they were last shown.
        """
        code = f"__rc_show(__rc_locals(), {tuple(names)!r}, False, {limit})"
        try:
            shown = {name: host.as_variable(name, seen) for name, seen in self._look(code)}
        except EvaluationFailed:
            known = self.names()
            shown = {name: self.shown.get(name, host.not_shown(name)) for name in names if name in known}
        return tuple(shown[name] for name in names if name in shown.keys() - self.deleted)

    def evaluate(self, expression: str, limit: int = SHOWN_LIMIT) -> Variable:
        """The value of an expression, on a copy: the run is not touched.

        Raises EvaluationFailed with the error's text, also where copy or value pass the limits.
        """
        lead, text = self._healed(expression)
        code = f"{lead}__rc_v((\n{text}\n), {limit})"
        worker = self._copy()
        try:
            for library in libraries.needed(code, self._libraries):
                source = libraries.source(library)
                worker.session.feed_run(source, print_callback=monty.CollectString())
            turn = worker.session.feed_start(code, print_callback=monty.CollectString())
        except (monty.MontyError, RuntimeError) as error:
            kind, message = _monty.type_and_message(error)
            raise EvaluationFailed(f"{kind}: {message}", kind) from None
        else:
            if not isinstance(turn, monty.MontyComplete):
                raise host.why_not(turn, expression)
            return host.as_variable(expression, turn.output)
        finally:
            worker.release()

    def _healed(self, expression: str) -> tuple[str, str]:
        """What is fed for an expression. Raises EvaluationFailed where it can't be."""
        try:
            tree = parse_expression(expression)
            healed = healed_expression(expression, self.shown.keys())
        except (NotAnExpression, RuleBroken) as error:
            raise EvaluationFailed(str(error)) from None
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if gone := sorted(names & self.deleted):
            raise EvaluationFailed(f"name '{gone[0]}' is not defined", "NameError")
        return healed

    def _look(self, code: str) -> Any:
        """Run a piece of the engine's own, which changes nothing that generated code can see.

        Raises EvaluationFailed where that passes the limits; the session stands as before.
        """
        assert self._snapshot is None, "a call is suspended: evaluate on a copy instead"
        self._flush()

        def look() -> Any:
            self._count += 1
            return self._worker.session.feed_run(code, print_callback=monty.CollectString())

        try:
            return self._surviving(look)
        except (monty.MontyError, RuntimeError) as error:
            kind, message = _monty.type_and_message(error)
            raise EvaluationFailed(f"the sandbox can't be looked at: {message}", kind) from None

    def _copy(self) -> Worker:
        """A session like this one, at rest: a call that waits is broken off. Raises EvaluationFailed."""
        if self._snapshot is None:
            self._flush()
        try:
            with suppress(NotSaved):
                return self._loaded(self.image()) if self._snapshot is None else self._broken_off()
            return self._replica()
        except (NotSaved, SandboxUnavailable) as error:
            raise EvaluationFailed(f"the sandbox can't be copied to be looked at: {error}") from None

    def _broken_off(self) -> Worker:
        """A copy whose waiting call raised KeyboardInterrupt. Raises NotSaved where there can't be one."""
        if not self._is_savable:
            raise NotSaved("the sandbox holds too much to be saved within its memory limit")
        worker, _ = checkout(self.limits, lambda session: None)
        try:
            assert self._snapshot is not None
            state = self._snapshot.dump()
            turn = worker.session.load_snapshot(state, print_callback=monty.CollectString())
            assert isinstance(turn, monty.FunctionSnapshot)
            turn.resume({"exception": KeyboardInterrupt()})
        except (monty.MontyError, RuntimeError) as error:
            if isinstance(_monty.inner(error), KeyboardInterrupt):
                return worker
        worker.release()
        if not self._worker.is_alive:  # to be saved cost it its memory
            self._is_savable = False
            turn = self._redo()
            assert isinstance(turn, monty.FunctionSnapshot)
            self._snapshot = turn
        raise NotSaved("the call that waits can't be broken off on a copy")

    def _replica(self) -> Worker:
        """A copy that is fed all that this one was fed; of a suspended one, all before its statement."""
        worker = self._loaded(self._image)
        try:
            feeds = self._feeds if self._snapshot is None else self._feeds[:-1]
            repeat_all(worker.session, feeds, self.limits.seconds)
        except BaseException:
            worker.release()
            raise
        return worker
