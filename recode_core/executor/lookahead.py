"""An evaluator that looks ahead: one feed also answers for what comes next.

A round trip to the sandbox costs more than most of what it is made for. So a snippet ends with a look at the
next tests and the next action's text, as far as they are pure, and at the next item of the loop around them.

The invariant: what is seen early is what would be seen later, and nothing of it shows in the log. For

    for place in places:
        seen = run(f"go to {place}")
        if "cup" in seen: ...

the feed that binds `seen` also evaluates the test. If that is false, it takes the next `place` and builds the
next action. So a pass costs one feed in place of four. It holds because

- only pure tests and texts are evaluated early, and only directly before they would be evaluated;
- an item is taken early only from an iterator that runs no code, and waits in the sandbox until its pass
  begins: whoever asks for it in the ordinary way gets it from there;
- what fails early, or can't be handed on, is seen as None and evaluated in the ordinary way;
- what was seen is used for the very next evaluation or not at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from recode_core.executor.action_calls import is_action
from recode_core.executor.evaluator import Evaluated, Evaluating, PlainEvaluator, evaluated
from recode_core.executor.frames import Branch, Call, Frame, Loop
from recode_core.executor.pending import CodePending, ConditionPending, Evaluation, ItemPending
from recode_core.executor.run import Run
from recode_core.executor.snippets import NOTHING, Snippet
from recode_core.interpreter import Called, Finished, Raised, Turn
from recode_core.statements import Act, Block, Code, For, If, Statement
from recode_core.values import SHOWN_LIMIT, Span, Variable

_IFS = 4  # tests of one look
_numbers = itertools.count()  # names of looks: private to the sandbox, they need only differ

PURE_ITERATORS = frozenset(
    f"{kind}_iterator" for kind in ("list", "range", "tuple", "set", "str", "str_ascii")
) | frozenset({"dict_keyiterator", "dict_valueiterator", "dict_itemiterator"})
"""Types of iterators that run no code of their own."""


class Look(NamedTuple):
    """A function of the sandbox that looks ahead: how it is called, and its definition."""

    call: str
    definition: str = ""


class LookaheadEvaluator:
    """Evaluates early what is known to come next.

    `_seen` is what the last look saw, `_acting` an action whose text was seen: nothing is suspended then,
    and the answer is bound by a snippet of its own. `_is_looking`: the snippet under way ends with a look.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain = PlainEvaluator(run)
        self._seen: Any = None
        self._acting: Act | None = None
        self._is_looking = False

    def start(self, pending: Evaluation) -> Evaluating:
        seen, self._seen = self._seen, None
        self._acting, self._is_looking = None, False
        match pending:
            case CodePending(code=code):
                return self._acted(code, seen) or self._with_look(pending, code)
            case ConditionPending(owner=If() as branch):
                return self._tested(branch, seen) or self._plain.start(pending)
            case ItemPending(loop=loop):
                return self._taken(pending, seen) or self._with_item_look(pending, loop)
        return self._plain.start(pending)

    def answer(self, pending: Evaluation, text: str) -> Evaluating:
        self._acting = None
        if self._run.interpreter.suspended:
            return self._evaluated(self._plain.resume(text))
        assert isinstance(pending, CodePending), "only an action that stands alone is known early"
        return self._bind(pending.code, text)

    def refuse(self, error: Exception) -> Evaluating:
        return self._evaluated(self._plain.resume_with(error))

    def span_of(self, at: Called | Raised) -> Span | None:
        return self._plain.span_of(at) if self._acting is None else self._acting.span

    def forget(self) -> None:
        self._seen = self._acting = None

    def _acted(self, code: Code, seen: Any) -> Called | None:
        """An action whose text is known."""
        known = self._known(seen, code)
        if code.act is None or known is None or not is_action(known[0]):
            return None
        self._acting = code.act
        return Called((known[0],), {}, None, None)

    def _bind(self, code: Code, text: str) -> Evaluating:
        """Bind the answer to such an action."""
        assert code.act is not None, "only an action that stands alone is known early"
        target = code.act.target
        answered = self._feed(self._binding(code), {target: text} if target else None)
        if target is None or not isinstance(answered, Evaluated):
            return answered
        return Evaluated("", (self._text_variable(target, text),))

    def _tested(self, branch: If, seen: Any) -> Evaluated | None:
        """A test whose value is known."""
        known = self._known(seen, branch)
        if known is None:
            return None
        value, self._seen = known
        return Evaluated(value)

    def _taken(self, pending: ItemPending, seen: Any) -> Evaluated | None:
        """An item, or the end of a loop, that is known; the sandbox binds the item with its next feed."""
        if not isinstance(seen, tuple) or seen[0] != _item_key(pending.slot):
            return None
        _, item, self._seen = seen
        if item is None:
            return Evaluated(False)
        target = pending.loop.target
        self._run.interpreter.pending_inputs = {target: item, f"__rc_n{pending.slot}": []}
        return Evaluated(True, (self._text_variable(target, item),))

    def _known(self, seen: Any, statement: Statement) -> tuple[Any, ...] | None:
        """What was seen of a statement, without its key; nothing while some names count as deleted, which
        looks don't know of."""
        if self._run.interpreter.deleted or not isinstance(seen, tuple) or seen[0] != _key(statement):
            return None
        return seen[1:]

    def _text_variable(self, name: str, text: str) -> Variable:
        """A variable that is bound to a text, as the sandbox shows it; plain text need not be asked for."""
        interpreter = self._run.interpreter
        interpreter.deleted -= {name}
        if not text.isascii():
            return interpreter.variables((name,))[0]
        is_long = len(text) > SHOWN_LIMIT
        value = repr(text[:SHOWN_LIMIT] if is_long else text)
        return Variable(name, "str", value, len(text) if is_long else None)

    def _with_look(self, pending: CodePending, code: Code) -> Evaluating:
        known, key = self._run.call.snippets, (pending, _is_pure(self._run.frames))
        if key not in known:
            look = _NO_LOOK if code.jumps else _after(self._run.frames)
            known[key] = _extended(self._plain.snippet_for(pending), look, look.call)
        return self._feed(known[key])

    def _with_item_look(self, pending: ItemPending, loop: For) -> Evaluating:
        known, key = self._run.call.snippets, (pending, True)
        if key not in known:
            look = _into(loop.body)
            known[key] = _extended(
                self._plain.snippet_for(pending), look, f"{look.call} if __rc_ok else None"
            )
        return self._feed(known[key])

    def _binding(self, code: Code) -> Snippet:
        """What is fed after an action whose answer goes along as an input: only the look is left."""
        known, key = self._run.call.snippets, (code, _is_pure(self._run.frames))
        if key not in known:
            look = _after(self._run.frames)
            known[key] = replace(NOTHING, value=f"(('', ()), {look.call})", definition=look.definition)
        return known[key]

    def _feed(self, snippet: Snippet, inputs: dict[str, Any] | None = None) -> Evaluating:
        self._is_looking = True
        return self._evaluated(self._plain.feed(snippet, inputs))

    def _evaluated(self, turn: Turn) -> Evaluating:
        if self._is_looking and isinstance(turn, Finished):
            output, self._seen = turn.output
            return evaluated(Finished(output))
        return evaluated(turn)


def _extended(snippet: Snippet, look: Look, call: str) -> Snippet:
    return replace(snippet, value=f"({snippet.value}, {call})", definition=look.definition)


def _is_pure(frames: list[Frame]) -> bool:
    """Whether the iterator of the innermost loop runs no code; it may change from one time to the next."""
    frame = next(frame for frame in reversed(frames) if isinstance(frame, Loop | Call))
    return isinstance(frame, Loop) and frame.iterator in PURE_ITERATORS


_NO_LOOK = Look("None")


def _key(statement: Statement) -> int:
    """What a look calls a statement."""
    return statement.span.line * 10_000 + statement.span.column


def _item_key(slot: int) -> int:
    return -1 - slot


def _after(frames: list[Frame]) -> Look:
    """What comes after the current statement."""
    rest: list[tuple[Block, int]] = []
    for frame in reversed(frames):
        if frame.index + 1 < len(frame.block):
            rest.append((frame.block, frame.index + 1))
        if isinstance(frame, Call):
            return _named(_look(rest[::-1], _IFS, _end))
        if isinstance(frame, Loop):
            return _named(_look(rest[::-1], _IFS, partial(_next_item, frame)))
        assert isinstance(frame, Branch)
    raise AssertionError("the root frame is a call")


def _into(block: Block) -> Look:
    """What a block begins with."""
    return _named(_look([(block, 0)], _IFS, _end))


def _named(expression: str) -> Look:
    if expression == "None":
        return _NO_LOOK
    name = f"__rc_l{next(_numbers)}"
    body = f"    try:\n        return {expression}\n    except __rc_Exception:\n        return None\n"
    return Look(f"{name}()", f"def {name}():\n{body}")


def _end() -> str:
    return "None"


def _next_item(loop: Loop) -> str:
    owner = loop.owner
    is_pure = loop.iterator in PURE_ITERATORS
    if not isinstance(owner, For) or not is_pure or owner.binds != (owner.target,) or loop.testing:
        return "None"
    look = _look([(owner.body, 0)], _IFS, _end)
    items = f"__rc_peek(__rc_n{loop.slot}, __rc_it{loop.slot})"
    return f"__rc_pass({_item_key(loop.slot)}, {items}, lambda {owner.target}: {look})"


def _look(rest: list[tuple[Block, int]], ifs: int, end: Callable[[], str]) -> str:
    """An expression for what comes next in `rest` (blocks and positions, innermost last), then for `end`.

    It gives `(key, text)` for an action, `(key, value, what comes then)` for a test, None for anything else.
    """
    while rest and rest[-1][1] >= len(rest[-1][0]):
        rest = rest[:-1]
    if not rest:
        return end()
    block, index = rest[-1]
    statement = block[index]
    following = [*rest[:-1], (block, index + 1)]
    match statement:
        case Code(act=act) if act is not None:
            return f"({_key(statement)}, (\n{act.argument.text}\n))"
        case If() if statement.test.pure and ifs:
            chosen = _look([(statement.body, 0)], 0, _end)
            other = _look([*following, (statement.orelse, 0)], ifs - 1, end)
            name = _key(statement)
            test = f"(\n{statement.test.fed.text}\n)"
            return f"(({name}, True, {chosen}) if {test} else ({name}, False, {other}))"
    return "None"
