"""An evaluator with lookahead: a feed also evaluates what comes next.

A round trip to the sandbox takes longer than most evaluations. So a snippet also evaluates the next tests and
the text of the next action, if they are pure, and takes the next item of the enclosing loop.

The invariant: an early value is the same as a later one would be, and the log does not depend on it. For

    for place in places:
        seen = run(f"go to {place}")
        if "cup" in seen: ...

the feed that binds `seen` also evaluates the test. If that is false, it takes the next `place` and builds the
next action. So a pass needs one feed instead of four. The invariant holds because

- only pure tests and texts are evaluated early, and nothing runs in between;
- an item is taken early only from an iterator that runs no code, and is kept in the sandbox until its pass
  begins, where an ordinary evaluation finds it;
- if an early evaluation fails or its value cannot be returned, its result is None, and it is repeated in the
  ordinary way;
- an early result is used for the very next evaluation or not at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from recode_core.executor.action_calls import is_action
from recode_core.executor.evaluator import Evaluated, Evaluating, PlainEvaluator, evaluated
from recode_core.executor.frames import BranchFrame, CallFrame, Frame, LoopFrame
from recode_core.executor.pending import CodePending, ConditionPending, Evaluation, ItemPending
from recode_core.executor.run import Run
from recode_core.executor.snippets import NOTHING, Snippet
from recode_core.interpreter import Called, FeedResult, Finished, Raised
from recode_core.statements import ActionStatement, Block, Code, For, If, Statement
from recode_core.values import SHOWN_LIMIT, Span, Variable

_MAX_TESTS = 4  # tests that one lookahead evaluates
_numbers = itertools.count()  # for the names of lookahead functions

PURE_ITERATORS = frozenset(
    f"{kind}_iterator" for kind in ("list", "range", "tuple", "set", "str", "str_ascii")
) | frozenset({"dict_keyiterator", "dict_valueiterator", "dict_itemiterator"})
"""Types of iterators that run no code of their own."""


class Lookahead(NamedTuple):
    """A function of the sandbox that evaluates what comes next: the code of its call and its definition."""

    call: str
    definition: str = ""


class LookaheadEvaluator:
    """Evaluates early what comes next.

    `_early` is the result of the last lookahead: `(key, …)` with the key of a statement or a loop, or None.
    `_early_act` is the current action if its text was evaluated early; then no call is suspended, and a
    snippet of its own binds the observation. `_has_lookahead` is set if the current snippet ends with a
    lookahead.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain = PlainEvaluator(run)
        self._early: Any = None
        self._early_act: ActionStatement | None = None
        self._has_lookahead = False

    def start(self, pending: Evaluation) -> Evaluating:
        early, self._early = self._early, None
        self._early_act, self._has_lookahead = None, False
        match pending:
            case CodePending(code=code):
                return self._early_action(code, early) or self._feed_with_lookahead(pending, code)
            case ConditionPending(owner=If() as branch):
                return self._early_test(branch, early) or self._plain.start(pending)
            case ItemPending(loop=loop):
                return self._early_item(pending, early) or self._feed_item_with_lookahead(pending, loop)
        return self._plain.start(pending)

    def answer(self, pending: Evaluation, text: str) -> Evaluating:
        self._early_act = None
        if self._run.interpreter.suspended:
            return self._evaluated(self._plain.resume(text))
        assert isinstance(pending, CodePending), "only a statement that is one action is evaluated early"
        return self._bind(pending.code, text)

    def refuse(self, error: Exception) -> Evaluating:
        return self._evaluated(self._plain.resume_with(error))

    def span_of(self, at: Called | Raised) -> Span | None:
        return self._plain.span_of(at) if self._early_act is None else self._early_act.span

    def forget(self) -> None:
        self._early = self._early_act = None

    def _early_action(self, code: Code, early: Any) -> Called | None:
        """The action of a statement, if its text was evaluated early."""
        known = self._early_value(early, code)
        if code.action is None or known is None or not is_action(known[0]):
            return None
        self._early_act = code.action
        return Called((known[0],), {}, None, None)

    def _bind(self, code: Code, text: str) -> Evaluating:
        """Bind the observation of an action whose text was evaluated early."""
        assert code.action is not None, "only a statement that is one action is evaluated early"
        target = code.action.target
        answered = self._feed(self._binding(code), {target: text} if target else None)
        if target is None or not isinstance(answered, Evaluated):
            return answered
        return Evaluated("", (self._text_variable(target, text),))

    def _early_test(self, branch: If, early: Any) -> Evaluated | None:
        """The value of a test, if it was evaluated early."""
        known = self._early_value(early, branch)
        if known is None:
            return None
        value, self._early = known
        return Evaluated(value)

    def _early_item(self, pending: ItemPending, early: Any) -> Evaluated | None:
        """The next item of a loop, or its end, if it was taken early. The next feed binds the item."""
        if not isinstance(early, tuple) or early[0] != _item_key(pending.slot):
            return None
        _, item, self._early = early
        if item is None:
            return Evaluated(False)
        target = pending.loop.target
        self._run.interpreter.pending_inputs = {target: item, f"__rc_n{pending.slot}": []}
        return Evaluated(True, (self._text_variable(target, item),))

    def _early_value(self, early: Any, statement: Statement) -> tuple[Any, ...] | None:
        """The early result for a statement, without its key; None if there is none.

        It is not used while names are deleted: lookahead does not raise NameError for them.
        """
        if self._run.interpreter.deleted or not isinstance(early, tuple) or early[0] != _key(statement):
            return None
        return early[1:]

    def _text_variable(self, name: str, text: str) -> Variable:
        """A variable with a text, as the sandbox would show it; if the text is ASCII, without asking it."""
        interpreter = self._run.interpreter
        interpreter.deleted -= {name}
        if not text.isascii():
            return interpreter.variables((name,))[0]
        is_long = len(text) > SHOWN_LIMIT
        value = repr(text[:SHOWN_LIMIT] if is_long else text)
        return Variable(name, "str", value, len(text) if is_long else None)

    def _feed_with_lookahead(self, pending: CodePending, code: Code) -> Evaluating:
        known, key = self._run.call.snippets, (pending, _is_pure(self._run.frames))
        if key not in known:
            lookahead = _NO_LOOKAHEAD if code.jumps else _lookahead_after(self._run.frames)
            known[key] = _extended(self._plain.snippet_for(pending), lookahead, lookahead.call)
        return self._feed(known[key])

    def _feed_item_with_lookahead(self, pending: ItemPending, loop: For) -> Evaluating:
        known, key = self._run.call.snippets, (pending, True)
        if key not in known:
            lookahead = _lookahead_into(loop.body)
            known[key] = _extended(
                self._plain.snippet_for(pending), lookahead, f"{lookahead.call} if __rc_ok else None"
            )
        return self._feed(known[key])

    def _binding(self, code: Code) -> Snippet:
        """The snippet after an early action: an input binds the observation, the code only looks ahead."""
        known, key = self._run.call.snippets, (code, _is_pure(self._run.frames))
        if key not in known:
            lookahead = _lookahead_after(self._run.frames)
            known[key] = replace(
                NOTHING, value=f"(('', ()), {lookahead.call})", definition=lookahead.definition
            )
        return known[key]

    def _feed(self, snippet: Snippet, inputs: dict[str, Any] | None = None) -> Evaluating:
        self._has_lookahead = True
        return self._evaluated(self._plain.feed(snippet, inputs))

    def _evaluated(self, result: FeedResult) -> Evaluating:
        if self._has_lookahead and isinstance(result, Finished):
            output, self._early = result.output
            return evaluated(Finished(output))
        return evaluated(result)


def _extended(snippet: Snippet, lookahead: Lookahead, call: str) -> Snippet:
    return replace(snippet, value=f"({snippet.value}, {call})", definition=lookahead.definition)


def _is_pure(frames: list[Frame]) -> bool:
    """Whether the iterator of the innermost loop runs no code. It may differ the next time."""
    frame = next(frame for frame in reversed(frames) if isinstance(frame, LoopFrame | CallFrame))
    return isinstance(frame, LoopFrame) and frame.iterator in PURE_ITERATORS


_NO_LOOKAHEAD = Lookahead("None")


def _key(statement: Statement) -> int:
    """The key of a statement in a lookahead result."""
    return statement.span.line * 10_000 + statement.span.column


def _item_key(slot: int) -> int:
    """The key of a loop in a lookahead result."""
    return -1 - slot


def _lookahead_after(frames: list[Frame]) -> Lookahead:
    """The lookahead for what comes after the current statement."""
    rest: list[tuple[Block, int]] = []
    for frame in reversed(frames):
        if frame.index + 1 < len(frame.block):
            rest.append((frame.block, frame.index + 1))
        if isinstance(frame, CallFrame):
            return _as_function(_expression(rest[::-1], _MAX_TESTS, _nothing))
        if isinstance(frame, LoopFrame):
            return _as_function(_expression(rest[::-1], _MAX_TESTS, partial(_next_item, frame)))
        assert isinstance(frame, BranchFrame)
    raise AssertionError("the root frame is a call")


def _lookahead_into(block: Block) -> Lookahead:
    """The lookahead for the first statement of a block."""
    return _as_function(_expression([(block, 0)], _MAX_TESTS, _nothing))


def _as_function(expression: str) -> Lookahead:
    if expression == "None":
        return _NO_LOOKAHEAD
    name = f"__rc_l{next(_numbers)}"
    body = f"    try:\n        return {expression}\n    except __rc_Exception:\n        return None\n"
    return Lookahead(f"{name}()", f"def {name}():\n{body}")


def _nothing() -> str:
    return "None"


def _next_item(loop: LoopFrame) -> str:
    owner = loop.owner
    is_pure = loop.iterator in PURE_ITERATORS
    if not isinstance(owner, For) or not is_pure or owner.binds != (owner.target,) or loop.testing:
        return "None"
    lookahead = _expression([(owner.body, 0)], _MAX_TESTS, _nothing)
    items = f"__rc_peek(__rc_n{loop.slot}, __rc_it{loop.slot})"
    return f"__rc_pass({_item_key(loop.slot)}, {items}, lambda {owner.target}: {lookahead})"


def _expression(rest: list[tuple[Block, int]], tests: int, end: Callable[[], str]) -> str:
    """The expression that evaluates what comes next in `rest` (blocks and positions, innermost last).

    Its value is `(key, text)` for an action, `(key, value, next)` for a test, where `next` is the result for
    what follows in the chosen branch, and None for anything else. At the end of `rest` it is that of `end()`.
    """
    while rest and rest[-1][1] >= len(rest[-1][0]):
        rest = rest[:-1]
    if not rest:
        return end()
    block, index = rest[-1]
    statement = block[index]
    following = [*rest[:-1], (block, index + 1)]
    match statement:
        case Code(action=action) if action is not None:
            return f"({_key(statement)}, (\n{action.argument.text}\n))"
        case If() if statement.test.pure and tests:
            chosen = _expression([(statement.body, 0)], 0, _nothing)
            other = _expression([*following, (statement.orelse, 0)], tests - 1, end)
            name = _key(statement)
            test = f"(\n{statement.test.fed.text}\n)"
            return f"(({name}, True, {chosen}) if {test} else ({name}, False, {other}))"
    return "None"
