"""The stack of an execution: open expansions, and the blocks and loops inside them.

Frames hold positions only. Together with an interpreter image and a world they are a run at rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Literal

from recode_core.events import Place
from recode_core.executor.snippets import Snippet
from recode_core.policies.policy import History
from recode_core.statements import Block, Code, For, Statement, While
from recode_core.statements.source import Source
from recode_core.values import Span, Variable

MOST_OUTPUT = 8000
"""Characters of a turn's output that the next turns are told."""

_DONE_SHOWN = 30  # of the actions since a placeholder began, that a repair is told


NOWHERE = Place("", (), Span(1, 0, 1, 0))
NO_SOURCE = Source("")
NOTHING = Code(NOWHERE.span, "", NO_SOURCE.fed(0, 0), 0)


Reason = Literal["first", "rewrite", "repair", "regenerate", "changed"]
"""Why a policy is asked."""


@dataclass(slots=True)
class BlockFrame:
    """A block with the position of its current statement, -1 before the first.

    `passes` are the numbers of the passes around it, inside its expansion.
    """

    block: Block
    index: int = -1
    passes: tuple[int, ...] = ()

    @property
    def statement(self) -> Statement:
        """The current statement."""
        return self.block[self.index]


@dataclass(slots=True)
class Branch(BlockFrame):
    """The chosen block of an `if`, or the `else` of a loop, with what the loop has still to tell."""

    carried: tuple[Variable, ...] = ()


@dataclass(slots=True)
class Loop(BlockFrame):
    """A loop in its `number`-th pass; `around` are the passes of the loops outside.

    `testing` is the part of a pass before its body; `carried` are variables that its iterable changed,
    not yet told; `iterator` is the type of its iterator, which the sandbox keeps as number `slot`.
    """

    owner: For | While | None = None
    number: int = 0
    around: tuple[int, ...] = ()
    testing: bool = True
    slot: int = 0
    iterator: str = ""
    carried: tuple[Variable, ...] = ()

    @property
    def is_before_pass(self) -> bool:
        """Whether its test, or its next item, is what comes next."""
        return self.testing and self.index < 0

    def next_pass(self) -> None:
        """Go on to what comes before the body, once more."""
        self.number += 1
        self.passes = (*self.around, self.number)
        self.testing, self.index = True, -1
        self.block = self.owner.prelude if isinstance(self.owner, While) else ()


@dataclass(slots=True)
class Call(BlockFrame):
    """An expansion of a placeholder: the `attempt`-th, asked for by `reason`, after `repairs` failures.

    `given_up` are the placeholders in it, or in what was given up in it, that failed for good, as text. A
    placeholder that is one of them when it is reached again `is_retry`; `is_stuck` says that such a one
    has failed for good once more.

    `place` and `placeholder` are the statement that it replaces, `bound` the names that it has bound
    or changed, `done` the actions since the placeholder was reached, `trouble` what a repair is told,
    `snippets` what its statements are fed as, kept by the evaluator while loops come back to them.
    The ids of its statements begin with `base`; `defined` are the names that its code was parsed with;
    `hint`, `model`, `temperature` and `system` (a system message) are the user's wishes for its next
    replies. `thought` is that of its code, `output` what the code gave to see. The root frame is a call
    too, of node "" and with nothing but the agent's program in it; where the agent takes turns, it has
    their `history`. `keywords` are the names that its keyword arguments gave values to.
    """

    node: str = ""
    place: Place = NOWHERE
    placeholder: Code = NOTHING
    source: Source = NO_SOURCE
    attempt: int = 1
    reason: Reason = "first"
    repairs: int = 0
    given_up: frozenset[str] = frozenset()
    is_retry: bool = False
    is_stuck: bool = False
    rewrites: int = 0
    trouble: str = ""
    bound: set[str] = field(default_factory=set)
    done: deque[str] = field(default_factory=lambda: deque(maxlen=_DONE_SHOWN))
    snippets: dict[Hashable, Snippet] = field(default_factory=dict)
    base: str = ""
    defined: frozenset[str] = frozenset()
    hint: str = ""
    model: str = ""
    temperature: float | None = None
    keywords: tuple[str, ...] = ()
    system: str = ""
    thought: str = ""
    output: str = ""
    history: History | None = None

    def show(self, text: str) -> None:
        """Take something into the output."""
        if len(self.output) < MOST_OUTPUT:
            self.output += text
            if len(self.output) > MOST_OUTPUT:
                self.output = f"{self.output[:MOST_OUTPUT]}…\n(The rest is not shown.)"

    def begin_attempt(self) -> None:
        """Forget the last expansion; the ids of the next one's statements begin with `base`."""
        self.attempt, self.rewrites = self.attempt + 1, 0
        self.block, self.index, self.base = (), -1, f"{self.node}@{self.attempt}."
        self.bound.clear()
        self.output = ""


Frame = Branch | Loop | Call


def copied(frames: list[Frame]) -> list[Frame]:
    """Frames that can go on without the originals noticing. Programs are shared, they never change."""
    return [_copied(frame) for frame in frames]


def _copied(frame: Frame) -> Frame:
    if isinstance(frame, Call):
        done = deque(frame.done, maxlen=_DONE_SHOWN)
        return replace(frame, bound=set(frame.bound), done=done, snippets={})
    return replace(frame)


def top_call(frames: list[Frame]) -> Call:
    """The innermost open expansion."""
    for frame in reversed(frames):
        if isinstance(frame, Call):
            return frame
    raise AssertionError("the root frame is a call")


def place_of(frames: list[Frame]) -> Place:
    """Where the innermost current statement stands."""
    frame = frames[-1]
    statement = frame.block[frame.index]
    node = f"{top_call(frames).base}{statement.index}"
    if isinstance(statement, Code) and statement.order is not None:
        node += "".join(f"#{number}" for number in frame.passes) + f".{statement.order}"
    return Place(node, frame.passes, statement.span)


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
