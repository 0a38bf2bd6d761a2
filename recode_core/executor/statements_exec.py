"""Execute statements and drive control flow.

The stack of frames is the position of the run. Each frame is a block with the index of its current statement,
-1 before the first. While the body of an `if` or a loop runs in the frame above, the `if` or loop stays the
current statement of its own block. Example: in the second pass of

    for x in xs:        # frame 0, a call: block (for,), index 0
        if x:           # frame 1, a loop: block (if, f()), index 0, passes (2,)
            run(x)      # frame 2, a branch: block (run(x),), index 0
        f()

At the end of frame 2 it is popped, the `if` is done, and frame 1 continues with `f()`. At the end of frame 1
it is not popped: the next pass begins with the next item, and the frame is popped if there is none.
"""

from __future__ import annotations

from recode_core.events import ConditionEvaluated, PassStarted, StatementFinished, StatementReached
from recode_core.executor.evaluator import Evaluated
from recode_core.executor.expansions import Expansions
from recode_core.executor.feed_loop import FeedLoop
from recode_core.executor.frames import BranchFrame, CallFrame, LoopFrame, place_of
from recode_core.executor.loop_guard import loop_failure
from recode_core.executor.pending import (
    CodePending,
    ConditionPending,
    Evaluation,
    ItemPending,
    IterablePending,
)
from recode_core.executor.run import Run
from recode_core.executor.run_state import AtStatement, RunState
from recode_core.executor.variables import Variables
from recode_core.statements import Block, Code, For, If, Jump, While
from recode_core.statements.names import BUILTINS, TOOLS
from recode_core.values import Variable


class Statements:
    """Drives control flow, one statement at a time."""

    def __init__(self, run: Run, feed_loop: FeedLoop, expansions: Expansions, variables: Variables) -> None:
        self._run = run
        self._feed_loop = feed_loop
        self._expansions = expansions
        self._variables = variables

    def proceed(self) -> RunState:
        """Continue to the next stop."""
        while (state := self._next_statement()) is None:
            pass
        return state

    def execute(self) -> RunState | None:
        """Execute the current statement, up to its first action. Returns None if it is done."""
        frame = self._run.frames[-1]
        if isinstance(frame, LoopFrame) and frame.is_before_pass:  # restored to the stop before the next pass
            return self._leave()
        match frame.statement:
            case Code(inert=True):
                self._run.recorder.emit(StatementFinished(self._run.place))
                return None
            case Code() as code:
                return self._start(CodePending(code))
            case If() as branch:
                return self._start(ConditionPending(branch))
            case For() as loop:
                slot = sum(isinstance(frame, LoopFrame) for frame in self._run.frames)
                return self._start(IterablePending(loop, slot))
            case While() as loop:
                self._open_loop(loop)
                return None
            case Jump(kind=kind):
                self._jump(kind)
                return None

    def answer(self, text: str) -> RunState | None:
        """Resume the suspended statement, with the observation as the value of its call."""
        return self._use_result(self._feed_loop.answer(text))

    def _next_statement(self) -> RunState | None:
        """Move to the next statement, or leave the block at its end."""
        run = self._run
        frame = run.frames[-1]
        if frame.index + 1 >= len(frame.block):
            return self._leave()
        frame.index += 1
        statement = frame.block[frame.index]
        run.place = place_of(run.frames)
        if isinstance(statement, Code) and statement.calls and self._is_placeholder(statement):
            return self._expansions.begin(statement, run.place)
        own = "" if run.call.node else run.call.source.text_of(statement.span)
        run.statements += 1
        run.recorder.emit(StatementReached(run.place, own))
        return AtStatement(run.place)

    def _is_placeholder(self, code: Code) -> bool:
        if not self._run.call.node:  # the agent's own program
            return True
        defined = self._variables.defined_names() | BUILTINS | TOOLS
        return any(name not in defined for name in code.calls)

    def _start(self, pending: Evaluation) -> RunState | None:
        return self._use_result(self._feed_loop.start(pending))

    def _use_result(self, found: RunState | Evaluated) -> RunState | None:
        """Use the value of the pending evaluation, unless it led to a stop."""
        if not isinstance(found, Evaluated):
            return found
        match self._run.pending:
            case CodePending(code=code):
                self._code_finished(code, found)
            case ConditionPending(owner=owner):
                self._tested(owner, found)
            case IterablePending(loop=loop, slot=slot):
                return self._loop_started(loop, slot, found)
            case ItemPending(loop=loop):
                self._item_taken(loop, found)
        return None

    def _code_finished(self, code: Code, found: Evaluated) -> None:
        changed = self._variables.record_bound(found.variables, code.binds)
        deletes = self._variables.deleted(found.variables, code.deletes)
        changed = self._variables.forget_deleted(changed, deletes)
        self._run.recorder.emit(StatementFinished(self._run.place, changed, deletes))
        if found.value:
            self._jump(found.value)

    def _tested(self, owner: If | While, found: Evaluated) -> None:
        changed = self._variables.record_bound(found.variables, owner.test.binds)
        self._run.recorder.emit(ConditionEvaluated(self._run.place, found.value, changed))
        if isinstance(owner, If):
            self._enter(owner.body if found.value else owner.orelse)
        elif found.value:
            self._begin_pass()
        else:
            self._loop_exhausted()

    def _loop_started(self, owner: For, slot: int, found: Evaluated) -> RunState | None:
        carried = self._variables.record_bound(found.variables, owner.iterable.binds)
        loop = self._open_loop(owner)
        loop.slot, loop.carried, loop.iterator = slot, carried, found.value
        return self._start(ItemPending(owner, slot))

    def _item_taken(self, owner: For, found: Evaluated) -> None:
        if found.value:
            self._begin_pass(self._variables.record_bound(found.variables, owner.binds))
        else:
            self._loop_exhausted()

    def _open_loop(self, owner: For | While) -> LoopFrame:
        loop = LoopFrame((), owner=owner, around=self._run.frames[-1].passes)
        loop.next_pass()
        self._run.frames.append(loop)
        return loop

    def _enter(self, block: Block, carried: tuple[Variable, ...] = ()) -> None:
        """Enter the chosen block of the current statement; if it is empty, the statement is done."""
        if block:
            frames = self._run.frames
            frames.append(BranchFrame(block, passes=frames[-1].passes, carried=carried))
        else:
            self._statement_done(carried)

    def _begin_pass(self, changed: tuple[Variable, ...] = ()) -> None:
        loop = self._run.frames[-1]
        assert isinstance(loop, LoopFrame)
        assert loop.owner is not None
        self._run.recorder.emit(PassStarted(self._run.place, loop.number, loop.carried + changed))
        loop.block, loop.index, loop.testing, loop.carried = loop.owner.body, -1, False, ()

    def _loop_exhausted(self) -> None:
        loop = self._run.frames.pop()
        assert isinstance(loop, LoopFrame)
        assert loop.owner is not None
        self._enter(loop.owner.orelse, loop.carried)

    def _leave(self) -> RunState | None:
        """Leave the innermost block at its end."""
        frame = self._run.frames[-1]
        match frame:
            case CallFrame():
                return self._expansions.finish()
            case BranchFrame():
                self._run.frames.pop()
                self._statement_done(frame.carried)
                return None
            case LoopFrame(testing=False):
                frame.next_pass()
                return None
            case LoopFrame():
                return self._next_pass(frame)

    def _next_pass(self, loop: LoopFrame) -> RunState | None:
        """Evaluate the test or the next item of a loop."""
        run = self._run
        run.place, loop.index = place_of(run.frames[:-1]), -1
        if (failure := loop_failure(run)) is not None:
            return run.fail(run.place, failure)
        match loop.owner:
            case While() as owner:
                return self._start(ConditionPending(owner))
            case For() as owner:
                return self._start(ItemPending(owner, loop.slot))
        raise AssertionError("a loop has an owner")

    def _statement_done(self, carried: tuple[Variable, ...] = ()) -> None:
        """Record that an `if` or a loop is done; inside other control flow only if it changed variables."""
        if isinstance(self._run.frames[-1], CallFrame) or carried:
            self._run.place = place_of(self._run.frames)
            self._run.recorder.emit(StatementFinished(self._run.place, carried))

    def _jump(self, kind: str) -> None:
        frames = self._run.frames
        while not isinstance(loop := frames[-1], LoopFrame):
            frames.pop()
        if kind == "continue":
            loop.index = len(loop.block) - 1
            return
        frames.pop()
        self._statement_done()
