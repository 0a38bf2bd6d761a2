"""Pending evaluations: the parts of a statement that are evaluated in the sandbox.

Example: `for x in xs: run(x)` evaluates its iterable, then in each pass an item and the code of its body. If
an action suspends an evaluation, it stays pending and is resumed with the observation.
"""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.statements import Code, For, If, While


@dataclass(frozen=True, slots=True)
class CodePending:
    """A statement that is executed whole; its value is the jump that it made ("", "break" or "continue")."""

    code: Code

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names that are read."""
        return self.code.mentions


@dataclass(frozen=True, slots=True)
class ConditionPending:
    """The test of an `if` or `while`; its value is a bool."""

    owner: If | While

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names that are read."""
        return self.owner.test.mentions


@dataclass(frozen=True, slots=True)
class IterablePending:
    """The iterable of a loop; its value is the type of the iterator, which is kept under number `slot`."""

    loop: For
    slot: int

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names that are read."""
        return self.loop.iterable.mentions


@dataclass(frozen=True, slots=True)
class ItemPending:
    """The next item of a loop; its value is False at the end of the iterator."""

    loop: For
    slot: int

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names that are read: none, since the iterator has a name of the engine's own."""
        return ()


@dataclass(frozen=True, slots=True)
class RecordedCrash:
    """A statement that crashed the sandbox in the recording; it is replayed without being executed."""


Evaluation = CodePending | ConditionPending | IterablePending | ItemPending
"""A part of a statement to evaluate."""

Pending = Evaluation | RecordedCrash
