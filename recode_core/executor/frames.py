"""The stack of an execution: open expansions, and the blocks and loops inside them.

Frames hold positions only. Frames, an image of the interpreter and a snapshot of the world make a checkpoint.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Literal

from recode_core.events import Place
from recode_core.executor.snippets import Snippet
from recode_core.policies.policy import History
from recode_core.source import Source
from recode_core.statements import Block, Code, For, Statement, While
from recode_core.values import Span, Variable

MOST_OUTPUT = 8000
"""Maximum length of a turn's output in the history, in characters."""

_DONE_SHOWN = 30  # actions since a placeholder was reached that a repair request lists


NOWHERE = Place("", (), Span(1, 0, 1, 0))
NO_SOURCE = Source("")
NOTHING = Code(NOWHERE.span, "", NO_SOURCE.rewritten(0, 0), 0)


Reason = Literal["first", "rewrite", "repair", "regenerate", "changed"]
"""The reason of a policy call."""


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
class BranchFrame(BlockFrame):
    """The chosen block of an `if`, or the `else` block of a loop.

    `carried` are changes of variables that the loop has not recorded yet.
    """

    carried: tuple[Variable, ...] = ()


@dataclass(slots=True)
class LoopFrame(BlockFrame):
    """A loop in its `number`-th pass; `around` are the passes of the enclosing loops.

    `testing` is set in the part of a pass before the body (its test or its next item). `carried` are
    variables that evaluating the iterable has changed and that are not recorded yet. `iterator` is the type
    of the iterator, which the sandbox keeps under the number `slot`.
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
        """Whether the test or the next item has yet to be evaluated."""
        return self.testing and self.index < 0

    def next_pass(self) -> None:
        """Start the next pass, at the part before the body."""
        self.number += 1
        self.passes = (*self.around, self.number)
        self.testing, self.index = True, -1
        self.block = self.owner.prelude if isinstance(self.owner, While) else ()


@dataclass(slots=True)
class CallFrame(BlockFrame):
    """An open expansion, the `attempt`-th of its placeholder.

    The root frame is a CallFrame, too: its node is "", its block is the agent's own program, and for agents
    that take turns it has their `history`.

    The placeholder: `place` and `placeholder` are the statement that is expanded, `keywords` the variables
    bound to literals of its keyword arguments.

    Its code: `thought` and `source`. `base` is the prefix of the ids of its statements, `defined` are the
    names that it was parsed with, `snippets` the code that its statements are fed as, which the evaluator
    keeps for the next pass of a loop.

    Its execution: `bound` are the names that it has bound or changed, `done` the actions since the
    placeholder was reached, `output` its prints and shown values.

    Its requests: `reason` is that of the last one, `rewrites` counts refused replies, `repairs` failures that
    were repaired, `repair_text` is what the last repair request says.

    Placeholders that were given up: `given_up` are their texts, in this expansion or further inside.
    `was_given_up` is set if an enclosing frame has this placeholder in `given_up`, so that it has failed
    before. `gave_up_again` is set once such a placeholder is given up in this expansion.

    The user's settings for the next requests: `hint`, `model`, `temperature`, `system` (a system message).
    """

    node: str = ""
    place: Place = NOWHERE
    placeholder: Code = NOTHING
    source: Source = NO_SOURCE
    attempt: int = 1
    reason: Reason = "first"
    repairs: int = 0
    given_up: frozenset[str] = frozenset()
    was_given_up: bool = False
    gave_up_again: bool = False
    rewrites: int = 0
    repair_text: str = ""
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
        """Add a text to the output."""
        if len(self.output) < MOST_OUTPUT:
            self.output += text
            if len(self.output) > MOST_OUTPUT:
                self.output = f"{self.output[:MOST_OUTPUT]}…\n(The rest is not shown.)"

    def start_attempt(self) -> None:
        """Discard the code and start the next attempt, with its own `base`."""
        self.attempt, self.rewrites = self.attempt + 1, 0
        self.block, self.index, self.base = (), -1, f"{self.node}@{self.attempt}."
        self.bound.clear()
        self.output = ""


Frame = BranchFrame | LoopFrame | CallFrame


def copied(frames: list[Frame]) -> list[Frame]:
    """Copies of frames that can change independently. Programs are shared, since they never change."""
    return [_copied(frame) for frame in frames]


def _copied(frame: Frame) -> Frame:
    if isinstance(frame, CallFrame):
        done = deque(frame.done, maxlen=_DONE_SHOWN)
        return replace(frame, bound=set(frame.bound), done=done, snippets={})
    return replace(frame)


def top_call(frames: list[Frame]) -> CallFrame:
    """The innermost open expansion."""
    for frame in reversed(frames):
        if isinstance(frame, CallFrame):
            return frame
    raise AssertionError("the root frame is a call")


def place_of(frames: list[Frame]) -> Place:
    """The place of the innermost current statement."""
    frame = frames[-1]
    statement = frame.block[frame.index]
    node = f"{top_call(frames).base}{statement.index}"
    if isinstance(statement, Code) and statement.order is not None:
        node += "".join(f"#{number}" for number in frame.passes) + f".{statement.order}"
    return Place(node, frame.passes, statement.span)


def path_of(frames: list[Frame]) -> tuple[Place, ...]:
    """The current statement of each open expansion, outermost first."""
    ends = [i for i, frame in enumerate(frames) if isinstance(frame, CallFrame)]
    stacks = [frames[:end] for end in [*ends[1:], len(frames)]]
    return tuple(place_of(_reached(stack)) for stack in stacks if _reached(stack))


def _reached(stack: list[Frame]) -> list[Frame]:
    """The frames without the innermost ones that have not reached their first statement."""
    while stack and stack[-1].index < 0:
        if isinstance(stack[-1], CallFrame):
            return []
        stack = stack[:-1]
    return stack
