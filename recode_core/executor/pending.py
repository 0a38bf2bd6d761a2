"""What the statement that is under way waits for.

Example: `for x in xs: run(x)` waits for its iterable, then in each pass for an item and for the code of its
body. An action in any of them suspends the sandbox: the same value then also says what its answer leads to.
"""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.statements import Code, For, If, While


@dataclass(frozen=True, slots=True)
class CodePending:
    """A statement that is executed whole; its value says how it jumped ("", "break" or "continue")."""

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
    """The iterable of a loop whose iterator is kept as number `slot`; its value is the iterator's type."""

    loop: For
    slot: int

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names that are read."""
        return self.loop.iterable.mentions


@dataclass(frozen=True, slots=True)
class ItemPending:
    """The next item of a loop; its value says whether there was one."""

    loop: For
    slot: int

    @property
    def mentions(self) -> tuple[str, ...]:
        """The names that are read: none that generated code could have deleted."""
        return ()


@dataclass(frozen=True, slots=True)
class RecordedCrash:
    """A statement that crashed the sandbox when it was recorded: its records repeat, it is not executed."""


Evaluation = CodePending | ConditionPending | IterablePending | ItemPending
"""What the sandbox is asked for."""

Pending = Evaluation | RecordedCrash
