"""Variables of generated code: which are defined, and what a statement bound, changed or deleted."""

from __future__ import annotations

from collections.abc import Sequence

from recode_core.executor.run import Run
from recode_core.statements.names import MODULES
from recode_core.values import Variable


class Variables:
    """The variables of a run, with the values that its log showed last."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def defined_names(self) -> frozenset[str]:
        """The defined names, and those that were deleted: a call of a deleted name fails, as in Python."""
        interpreter = self._run.interpreter
        names = interpreter.names() - self.unbound_modules()
        return names if self._run.edition == 1 else names | interpreter.deleted

    def unbound_modules(self) -> frozenset[str]:
        """The modules that need no import and that no code has bound; they do not count as variables."""
        return MODULES - self._run.interpreter.shown.keys() if self._run.edition > 2 else frozenset()

    def shown(self, names: Sequence[str], limit: int) -> tuple[Variable, ...]:
        """The variables among `names`, with at most `limit` characters of each value."""
        modules = self.unbound_modules()
        return self._run.interpreter.variables([name for name in names if name not in modules], limit)

    def record_bound(self, seen: tuple[Variable, ...], binds: tuple[str, ...]) -> tuple[Variable, ...]:
        """Record which of `seen` code has bound (`binds`) or changed, as bound by the expansion."""
        if not seen:
            return ()
        changed = self.record_changed(seen, binds)
        self._run.call.bound.update(variable.name for variable in changed)
        return changed

    def record_changed(self, seen: tuple[Variable, ...], binds: tuple[str, ...]) -> tuple[Variable, ...]:
        """Like `record_bound`, for a change by the user: the expansion does not count as binding them."""
        shown = self._run.interpreter.shown
        changed = tuple(v for v in seen if v.name in binds or shown.get(v.name) != v)
        self._record(changed)
        return changed

    def record_set(self, names: tuple[str, ...]) -> tuple[Variable, ...]:
        """Record variables that the executor has bound, not the code."""
        changed = self._run.interpreter.variables(names)
        self._record(changed)
        return changed

    def deleted(self, seen: tuple[Variable, ...], candidates: tuple[str, ...]) -> tuple[str, ...]:
        """The candidates that a statement has deleted: they existed before it and do not after it."""
        if not candidates or self._run.edition == 1:
            return candidates
        left = {variable.name for variable in seen}
        return tuple(name for name in candidates if name not in left and name in self._run.interpreter.shown)

    def forget_deleted(self, changed: tuple[Variable, ...], deletes: tuple[str, ...]) -> tuple[Variable, ...]:
        """Record deleted names, since a call of one fails. Returns `changed` without them."""
        if not deletes:
            return changed
        self._run.interpreter.deleted |= set(deletes)
        for name in deletes:
            self._run.interpreter.shown.pop(name, None)
        return tuple(variable for variable in changed if variable.name not in deletes)

    def _record(self, changed: tuple[Variable, ...]) -> None:
        """Record the shown values of variables; a bound name no longer counts as deleted."""
        interpreter = self._run.interpreter
        interpreter.shown.update((variable.name, variable) for variable in changed)
        if interpreter.deleted:
            interpreter.deleted -= {variable.name for variable in changed}
