"""The stack of an execution: open expansions, and the blocks and loops inside them.

Frames hold positions only. Together with an interpreter image and a world they are a run at rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from recode_core.events import Place
from recode_core.statements import Block, Code, For, Statement, While
from recode_core.statements.source import Source
from recode_core.values import Span, Variable

_DONE_SHOWN = 30  # of the actions since a placeholder began, that a repair is told


NOWHERE = Place("", (), Span(1, 0, 1, 0))
NO_SOURCE = Source("")
NOTHING = Code(NOWHERE.span, "", NO_SOURCE.fed(0, 0), 0)


@dataclass(slots=True)
class Suite:
    """A block with the position of its current statement, -1 before the first."""

    block: Block
    index: int = -1

    @property
    def statement(self) -> Statement:
        """The current statement."""
        return self.block[self.index]


@dataclass(slots=True)
class Branch(Suite):
    """The chosen block of an `if`, or the `else` of a loop, with what the loop has still to tell."""

    carried: tuple[Variable, ...] = ()


@dataclass(slots=True)
class Loop(Suite):
    """A loop in its `number`-th pass. `testing` is the part of a pass before its body; `carried` are
    variables that its iterable changed, not yet told."""

    owner: For | While | None = None
    number: int = 0
    testing: bool = True
    slot: int = 0
    carried: tuple[Variable, ...] = ()


@dataclass(slots=True)
class Call(Suite):
    """An expansion of a placeholder: the `attempt`-th, after `repairs` failures.

    `place` and `placeholder` are the statement that it replaces, `bound` the names that it has bound
    or changed, `done` the actions since the placeholder was reached, `trouble` what a repair is told.
    The lowest frame is a call too, of node "" and with nothing but the root placeholder in it.
    """

    node: str = ""
    place: Place = NOWHERE
    placeholder: Code = NOTHING
    source: Source = NO_SOURCE
    attempt: int = 1
    repairs: int = 0
    rewrites: int = 0
    trouble: str = ""
    bound: set[str] = field(default_factory=set)
    done: deque[str] = field(default_factory=lambda: deque(maxlen=_DONE_SHOWN))

    @property
    def base(self) -> str:
        """What the ids of its statements begin with."""
        if not self.node:
            return ""
        return f"{self.node}." if self.attempt == 1 else f"{self.node}@{self.attempt}."


Frame = Branch | Loop | Call
Reason = Literal["first", "rewrite", "repair"]


def copied(frames: list[Frame]) -> list[Frame]:
    """Frames that can go on without the originals noticing. Programs are shared, they never change."""
    return [_copied(frame) for frame in frames]


def _copied(frame: Frame) -> Frame:
    match frame:
        case Branch():
            return Branch(frame.block, frame.index, frame.carried)
        case Loop():
            return Loop(
                frame.block, frame.index, frame.owner, frame.number, frame.testing, frame.slot, frame.carried
            )
        case Call():
            return Call(
                frame.block,
                frame.index,
                frame.node,
                frame.place,
                frame.placeholder,
                frame.source,
                frame.attempt,
                frame.repairs,
                frame.rewrites,
                frame.trouble,
                set(frame.bound),
                deque(frame.done, maxlen=_DONE_SHOWN),
            )


def top_call(frames: list[Frame]) -> Call:
    """The innermost open expansion."""
    for frame in reversed(frames):
        if isinstance(frame, Call):
            return frame
    raise AssertionError("the lowest frame is a call")


def place_of(frames: list[Frame]) -> Place:
    """Where the innermost current statement stands."""
    call = top_call(frames)
    passes: list[int] = []
    for frame in reversed(frames):
        if isinstance(frame, Loop):
            passes.append(frame.number)
        elif isinstance(frame, Call):
            break
    passes.reverse()
    statement = frames[-1].statement
    node = f"{call.base}{statement.index}"
    if isinstance(statement, Code) and statement.order is not None:
        node += "".join(f"#{number}" for number in passes) + f".{statement.order}"
    return Place(node, tuple(passes), statement.span)


def path_of(frames: list[Frame]) -> tuple[Place, ...]:
    """The current statement of each open expansion, outermost first."""
    ends = [i for i, frame in enumerate(frames) if isinstance(frame, Call)]
    stacks = [frames[:end] for end in [*ends[1:], len(frames)]]
    return tuple(place_of(_reached(stack)) for stack in stacks if _reached(stack))


def _reached(stack: list[Frame]) -> list[Frame]:
    """The frames down to the innermost one that has reached a statement of its own."""
    while stack and stack[-1].index < 0:
        if isinstance(stack[-1], Call):
            return []
        stack = stack[:-1]
    return stack
