"""Variables of generated code: which are defined, and what a statement bound, changed or deleted."""

from __future__ import annotations

from collections.abc import Sequence

from recode_core.executor.run import Run
from recode_core.statements.names import MODULES
from recode_core.values import Variable


class Variables:
    """The variables of a run, as they were last shown in its log."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def defined_names(self) -> frozenset[str]:
        """The names that something defines or has defined: a call of a deleted name fails, as in Python."""
        interpreter = self._run.interpreter
        names = interpreter.names() - self.unbound_modules()
        return names if self._run.edition == 1 else names | interpreter.deleted

    def unbound_modules(self) -> frozenset[str]:
        """The modules that are there without an import and that no code has bound: no variables."""
        return MODULES - self._run.interpreter.shown.keys() if self._run.edition > 2 else frozenset()

    def shown(self, names: Sequence[str], limit: int) -> tuple[Variable, ...]:
        """Those of the names that are variables, with at most `limit` characters of their values."""
        modules = self.unbound_modules()
        return self._run.interpreter.variables([name for name in names if name not in modules], limit)

    def credit(self, seen: tuple[Variable, ...], binds: tuple[str, ...]) -> tuple[Variable, ...]:
        """Those that code bound just now, or that look different from before, as bound by the expansion."""
        if not seen:
            return ()
        changed = self.changed(seen, binds)
        self._run.call.bound.update(variable.name for variable in changed)
        return changed

    def changed(self, seen: tuple[Variable, ...], binds: tuple[str, ...]) -> tuple[Variable, ...]:
        """As `credit`, but the expansion is not credited with them: the user did it."""
        shown = self._run.interpreter.shown
        changed = tuple(v for v in seen if v.name in binds or shown.get(v.name) != v)
        self._keep(changed)
        return changed

    def set_by_engine(self, names: tuple[str, ...]) -> tuple[Variable, ...]:
        """Variables that were bound for code and not by it, as the sandbox shows them."""
        changed = self._run.interpreter.variables(names)
        self._keep(changed)
        return changed

    def deleted(self, seen: tuple[Variable, ...], candidates: tuple[str, ...]) -> tuple[str, ...]:
        """The candidates that a statement has deleted: they existed before it and are not seen after it."""
        if not candidates or self._run.edition == 1:
            return candidates
        left = {variable.name for variable in seen}
        return tuple(name for name in candidates if name not in left and name in self._run.interpreter.shown)

    def without_deleted(
        self, changed: tuple[Variable, ...], deletes: tuple[str, ...]
    ) -> tuple[Variable, ...]:
        """Keep deleted names in mind, so that a call of one is no placeholder, and forget how they looked."""
        if not deletes:
            return changed
        self._run.interpreter.deleted |= set(deletes)
        for name in deletes:
            self._run.interpreter.shown.pop(name, None)
        return tuple(variable for variable in changed if variable.name not in deletes)

    def _keep(self, changed: tuple[Variable, ...]) -> None:
        """Keep how variables were last shown; what is bound is deleted no longer."""
        interpreter = self._run.interpreter
        interpreter.shown.update((variable.name, variable) for variable in changed)
        if interpreter.deleted:
            interpreter.deleted -= {variable.name for variable in changed}
