"""Snippets: the code that the interpreter is fed for each evaluation, with a mapping of positions.

The code of the expansion is between a prefix and a suffix of the engine's own, each on separate lines. A
snippet ends with an expression that is cheap to convert: `(value, report)`. The report lists the variables
that were bound or may have changed. Example: `x = f(y)` is fed as

    x = f(y)
    ('', [('x', __rc_v(x))])
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from recode_core.executor.pending import (
    CodePending,
    ConditionPending,
    Evaluation,
    ItemPending,
    IterablePending,
)
from recode_core.source import RewrittenSource, Source
from recode_core.statements import Code, Expression, For
from recode_core.statements.functions import DECLARED

NO_CODE = RewrittenSource("", ())


@dataclass(slots=True)
class Snippet:
    """The parts of a snippet: `definition`, definitions for the code, `prefix`, the code, `suffix`, `value`.

    `value` is the expression at the end; it is empty if the code is part of that expression, as a test is.
    `definition` is fed only once. The definitions that the rewritten code calls are fed each time, so that
    positions in them can be mapped.
    """

    prefix: str
    fed: RewrittenSource
    suffix: str
    value: str
    definition: str = ""

    @property
    def code(self) -> str:
        """The whole text."""
        return (
            f"{self.definition}{self._definitions.text}{self.prefix}{self.fed.text}{self.suffix}{self.value}"
        )

    @property
    def _definitions(self) -> RewrittenSource:
        return self.fed.definitions or NO_CODE

    def origin_of_byte(self, offset: int, is_end: bool = False) -> int:
        """The source offset (characters) of a byte offset into the whole text."""
        code = self.code
        at = offset if code.isascii() else len(code.encode()[:offset].decode(errors="ignore"))
        return self._origin(at, is_end)

    def origin_of(self, line: int, column: int, is_end: bool = False) -> int:
        """The source offset of a 1-based line and column of the whole text."""
        return self._origin(
            sum(len(text) + 1 for text in self.code.split("\n")[: line - 1]) + column - 1, is_end
        )

    def _origin(self, at: int, is_end: bool) -> int:
        at -= len(self.definition)
        if at < len(self._definitions.text):
            return self._definitions.origin(at, is_end)
        return self.fed.origin(at - len(self._definitions.text) - len(self.prefix), is_end)


NOTHING = Snippet("", NO_CODE, "", "None")


def snippet_for(pending: Evaluation, source: Source, base: str) -> Snippet:
    """The snippet for an evaluation in the expansion with this source; `base` is the prefix of its ids."""
    match pending:
        case CodePending(code=code):
            return _for_code(code, source, base)
        case ConditionPending(owner=owner):
            return _for_test(owner.test)
        case IterablePending(loop=loop, slot=slot):
            return _for_iterable(loop, slot)
        case ItemPending(loop=loop, slot=slot):
            return _for_item(loop, slot)
        case _:
            assert_never(pending)


def _for_code(code: Code, source: Source, base: str) -> Snippet:
    prefix, suffix = "", "\n__rc_how = ''\n" if code.jumps else "\n"
    if code.span.column:
        indent = source.indent_of(code.span)
        prefix = f"if True:\n{indent}"
        if code.jumps:
            prefix, suffix = _JUMPS.format(i=indent), _JUMPED.format(i=indent)
    how = "__rc_how" if code.jumps else "''"
    if code.base_variable:
        prefix = f"{code.base_variable} = {base!r}\n{_declared(code.declares)}{prefix}"
    return Snippet(prefix, code.fed, suffix, f"({how}, {_report(code)})")


# For a block that is fed whole and contains a `break` or `continue` of a loop that the executor drives. The
# block is put into a loop of two passes, whose variable `__rc_how` then tells which of the two it was.
_JUMPS = "__rc_how = 'break'\nfor __rc_i in (0, 1):\n{i}if __rc_i:\n{i} __rc_how = 'continue'\n{i} break\n{i}"
_JUMPED = "\n{i}__rc_how = ''\n{i}break\n"


def _report(code: Code) -> str:
    if code.mutates or not code.certain:
        return f"__rc_show(__rc_locals(), {_named((*code.binds, *code.deletes), code)}, {code.mutates})"
    return _shown(code.binds)


def _declared(names: tuple[str, ...]) -> str:
    return f"{DECLARED} = {{**{DECLARED}, **{dict.fromkeys(names)!r}}}\n" if names else ""


def _named(names: tuple[str, ...], code: Code | Expression) -> str:
    """The names to show, with those that a called function may have bound."""
    return f"(*{DECLARED}, *{names!r})" if code.may_call else repr(names)


def _shown(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"({name!r}, __rc_v({name}))" for name in names) + "]"


def _for_test(test: Expression) -> Snippet:
    if test.binds or test.mutates:
        report = f"__rc_show(__rc_locals(), {_named(test.binds, test)}, {test.mutates})"
        return Snippet("__rc_t = not not (\n", test.fed, "\n)\n", f"(__rc_t, {report})")
    return Snippet("(not not (\n", test.fed, "\n), [])", "")


def _for_iterable(loop: For, slot: int) -> Snippet:
    """The snippet for an iterable; its iterator is kept under a name of the engine's."""
    iterable = loop.iterable
    names = _named(iterable.binds, iterable)
    is_silent = not iterable.binds and not iterable.mutates
    report = "[]" if is_silent else f"__rc_show(__rc_locals(), {names}, {iterable.mutates})"
    value = f"(__rc_type(__rc_it{slot}).__name__, {report})"
    return Snippet(f"__rc_it{slot} = __rc_iter((\n", iterable.fed, f"\n))\n__rc_n{slot} = []\n", value)


def _for_item(loop: For, slot: int) -> Snippet:
    """The snippet for an item. An item that lookahead has already taken from the iterator is in a list."""
    items = f"__rc_peek(__rc_n{slot}, __rc_it{slot})"
    prefix = f"__rc_ok = False\nfor {loop.target} in {items}:\n    __rc_ok = True\n__rc_n{slot} = []\n"
    return Snippet(prefix, NO_CODE, "", f"(__rc_ok, {_shown(loop.binds)} if __rc_ok else [])")
