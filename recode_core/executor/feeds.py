"""What the interpreter is fed for each kind of statement, and how to read what it gives back.

User code stands between a prefix and a suffix of ours, each on lines of its own, so that its
positions can be told. Every feed ends with a value that is cheap to convert.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from recode_core.statements import Code, Expression, For
from recode_core.statements.functions import DECLARED
from recode_core.statements.source import Fed, Source


class Look(NamedTuple):
    """A function of the sandbox that looks ahead: how it is called, and its definition."""

    call: str
    definition: str = ""


@dataclass(slots=True)
class Feed:
    """`prefix` + the user's code + `suffix`; before them a `definition` that needs to be fed only once.

    What the code itself defines (its lead) is fed each time, so that positions in it can be told.
    """

    prefix: str
    fed: Fed
    suffix: str
    definition: str = ""

    @property
    def code(self) -> str:
        """The whole text."""
        return f"{self.definition}{self._lead.text}{self.prefix}{self.fed.text}{self.suffix}"

    @property
    def _lead(self) -> Fed:
        return self.fed.lead or NO_CODE

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
        if at < len(self._lead.text):
            return self._lead.origin(at, is_end)
        return self.fed.origin(at - len(self._lead.text) - len(self.prefix), is_end)


def for_code(code: Code, source: Source, look: Look, base: str = "") -> Feed:
    """A statement: `(report of what it bound or may have changed, how it jumped, what comes next)`.

    `base` is what the ids of the statements of its code begin with.
    """
    prefix, suffix = "", "\n__rc_how = ''\n" if code.jumps else "\n"
    if code.span.column:
        indent = source.indent_of(code.span)
        prefix = f"if True:\n{indent}"
        if code.jumps:
            prefix, suffix = _JUMPS.format(i=indent), _JUMPED.format(i=indent)
    how = "__rc_how" if code.jumps else "''"
    if code.home:
        prefix = f"{code.home} = {base!r}\n{_declared(code.declares)}{prefix}"
    return Feed(prefix, code.fed, f"{suffix}({_report(code)}, {how}, {look.call})", look.definition)


# A `break` or `continue` of a loop that the executor drives stands in a block that is fed whole: a
# loop of two passes tells which of the two happened.
_JUMPS = "__rc_how = 'break'\nfor __rc_i in (0, 1):\n{i}if __rc_i:\n{i} __rc_how = 'continue'\n{i} break\n{i}"
_JUMPED = "\n{i}__rc_how = ''\n{i}break\n"


def _report(code: Code) -> str:
    if code.mutates or not code.certain:
        return f"__rc_show(__rc_locals(), {_named((*code.binds, *code.deletes), code)}, {code.mutates})"
    return _shown(code.binds)


def _declared(names: tuple[str, ...]) -> str:
    return f"{DECLARED} = {{**{DECLARED}, **{dict.fromkeys(names)!r}}}\n" if names else ""


def _named(names: tuple[str, ...], code: Code | Expression) -> str:
    """The names to show, those among them that a function may have bound."""
    return f"(*{DECLARED}, *{names!r})" if code.may_call else repr(names)


def _shown(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"({name!r}, __rc_v({name}))" for name in names) + "]"


def for_answer(look: Look) -> Feed:
    """What is left of an action once it is answered and its target bound: what comes next."""
    return Feed("", NO_CODE, look.call, look.definition)


def for_test(test: Expression) -> Feed:
    """The truth of a test, with a report."""
    if test.binds or test.mutates:
        report = f"(__rc_t, __rc_show(__rc_locals(), {_named(test.binds, test)}, {test.mutates}))"
        return Feed("__rc_t = not not (\n", test.fed, f"\n)\n{report}")
    return Feed("(not not (\n", test.fed, "\n), [])")


def for_iterable(loop: For, slot: int) -> Feed:
    """Begin a loop: its iterator is kept under a name of ours. `(report, the iterator's type)`"""
    iterable = loop.iterable
    quiet = not iterable.binds and not iterable.mutates
    names = _named(iterable.binds, iterable)
    report = "[]" if quiet else f"__rc_show(__rc_locals(), {names}, {iterable.mutates})"
    suffix = f"\n))\n__rc_n{slot} = []\n({report}, __rc_type(__rc_it{slot}).__name__)"
    return Feed(f"__rc_it{slot} = __rc_iter((\n", iterable.fed, suffix)


def for_pass(loop: For, slot: int, look: Look) -> Feed:
    """The next item of a loop, if there is one: `(found, report, what comes next)`."""
    items = f"__rc_peek(__rc_n{slot}, __rc_it{slot})"
    prefix = f"__rc_ok = False\nfor {loop.target} in {items}:\n    __rc_ok = True\n__rc_n{slot} = []\n"
    suffix = f"(__rc_ok, {_shown(loop.binds)} if __rc_ok else [], {look.call} if __rc_ok else None)"
    return Feed(prefix, NO_CODE, suffix, look.definition)


NO_CODE = Fed("", ())
