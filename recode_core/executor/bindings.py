"""Bindings: what a statement bound, changed or deleted, as the log shows it."""

from __future__ import annotations

from typing import Any

from recode_core.executor.run import Run
from recode_core.interpreter.host import as_variable
from recode_core.values import SHOWN_LIMIT, Variable


def reported(run: Run, report: list[Any], binds: tuple[str, ...]) -> tuple[Variable, ...]:
    """The variables of the sandbox's report that were bound just now, or look different from before."""
    if not report:
        return ()
    changed = changes(run, report, binds)
    run.call.bound.update(variable.name for variable in changed)
    return changed


def changes(run: Run, report: list[Any], binds: tuple[str, ...]) -> tuple[Variable, ...]:
    """As `reported`, but the expansion is not credited with them: the user did it."""
    found, shown = [as_variable(name, seen) for name, seen in report], run.interpreter.shown
    changed = tuple(v for v in found if v.name in binds or shown.get(v.name) != v)
    _note(run, changed)
    return changed


def set_by_engine(run: Run, names: tuple[str, ...]) -> tuple[Variable, ...]:
    """Variables that were bound for code and not by it, as the sandbox shows them."""
    changed = run.interpreter.variables(names)
    _note(run, changed)
    return changed


def text_bound(run: Run, name: str, text: str) -> tuple[Variable]:
    """A variable that was bound to a text, as the sandbox shows it; of plain text that is known unasked."""
    run.interpreter.deleted -= {name}
    if text.isascii():
        is_long = len(text) > SHOWN_LIMIT
        value = repr(text[:SHOWN_LIMIT] if is_long else text)
        changed = (Variable(name, "str", value, len(text) if is_long else None),)
    else:
        changed = (run.interpreter.variables((name,))[0],)
    _note(run, changed)
    run.call.bound.add(name)
    return changed


def deleted(run: Run, report: list[Any], candidates: tuple[str, ...]) -> tuple[str, ...]:
    """The names among the candidates that existed before a statement and are missing from its report."""
    if not candidates:
        return ()
    left = {name for name, _ in report}
    return tuple(name for name in candidates if name not in left and name in run.interpreter.shown)


def without_deleted(
    run: Run, changed: tuple[Variable, ...], deletes: tuple[str, ...]
) -> tuple[Variable, ...]:
    """Keep deleted names in mind, so that a call of one is no placeholder, and forget how they looked."""
    if not deletes:
        return changed
    run.interpreter.deleted |= set(deletes)
    for name in deletes:
        run.interpreter.shown.pop(name, None)
    return tuple(variable for variable in changed if variable.name not in deletes)


def _note(run: Run, changed: tuple[Variable, ...]) -> None:
    """Keep how variables were last shown; what is bound is deleted no longer."""
    interpreter = run.interpreter
    interpreter.shown.update((variable.name, variable) for variable in changed)
    if interpreter.deleted:
        interpreter.deleted -= {variable.name for variable in changed}
