"""Statements and control flow: what runs next, and what became of what ran."""

from __future__ import annotations

from typing import Any

from recode_core.events import ConditionEvaluated, PassStarted, StatementFinished, StatementReached
from recode_core.executor import actions, ahead, bindings, expansions, feeds, turns
from recode_core.executor.feeds import Feed
from recode_core.executor.frames import Branch, Call, Loop, is_quiet, place_of
from recode_core.executor.run import Doing, Run
from recode_core.executor.stops import AtStatement, Stop
from recode_core.interpreter import Finished
from recode_core.statements import Act, Block, Code, For, If, Jump, Statement, While
from recode_core.statements.names import BUILTINS, TOOLS
from recode_core.values import Variable


def rest(run: Run) -> Stop:
    """Go on to the next stop."""
    while (stop := _proceed(run)) is None:
        pass
    return stop


def _proceed(run: Run) -> Stop | None:
    """Move to the next statement, or leave the block that has none left."""
    frame = run.frames[-1]
    if frame.index + 1 >= len(frame.block):
        return _leave(run)
    frame.index += 1
    statement = frame.block[frame.index]
    run.place = place_of(run.frames)
    if isinstance(statement, Code) and statement.calls and _is_placeholder(run, statement):
        return expansions.begin(run, statement, run.place)
    own = "" if run.call.node else run.call.source.text_of(statement.span)
    run.statements += 1
    run.tape.emit(StatementReached(run.place, own))
    return AtStatement(run.place)


def execute(run: Run) -> Stop | None:
    """Run the statement that was reached, as far as its first action."""
    frame = run.frames[-1]
    if isinstance(frame, Loop) and frame.is_before_pass:  # put back before what leads to its next pass
        return _leave(run)
    statement = frame.statement
    match statement:
        case Code():
            return _execute_code(run, statement)
        case If():
            return _test(run, statement)
        case For():
            slot = sum(isinstance(frame, Loop) for frame in run.frames)
            iterable = statement.iterable
            return _start(run, feeds.for_iterable(statement, slot), "iterable", iterable.mentions)
        case While():
            _open_loop(run, statement)
            return None
        case Jump():
            return _jump(run, statement.kind)


def answered(run: Run, text: str) -> Stop | None:
    """Go on inside the statement that acted."""
    match run.doing:
        case "lost":
            return turns.repeat_lost(run)
        case "act":
            return _bind_answer(run, text)
        case _:
            return _went(run, turns.turned(run, run.interpreter.answer(text)))


def _is_placeholder(run: Run, code: Code) -> bool:
    if not run.call.node:  # the agent's own, whatever generated code defines
        return True
    defined = expansions.defined_names(run) | BUILTINS | TOOLS
    return any(name not in defined for name in code.calls)


def _execute_code(run: Run, code: Code) -> Stop | None:
    if code.inert:
        run.tape.emit(StatementFinished(run.place))
        return None
    look = _look(run, code)
    if code.act is not None and look is not None and actions.is_action(look[0]):
        return _act(run, code.act, look[0])
    return _start(run, _feed_of(run, code), "statement", code.mentions)


def _look(run: Run, statement: Statement) -> tuple[Any, ...] | None:
    """What is known of a statement already. Deleted names look like None in there, so then it is not used."""
    return None if run.interpreter.deleted else ahead.found(run.ahead, statement)


def _feed_of(run: Run, code: Code) -> Feed:
    known, key = run.call.feeds, (code, is_quiet(run.frames))
    if key not in known:
        look = ahead.NOTHING if code.jumps else ahead.after(run.frames)
        known[key] = feeds.for_code(code, run.call.source, look, run.call.base)
    return known[key]


def _act(run: Run, act: Act, action: str) -> Stop | None:
    """Act without a suspension: the text of the action is known already."""
    run.ahead, run.doing = None, "act"
    if turns.leads_to_loss(run):
        return turns.repeat_lost(run)
    return actions.reach(run, action, act.span)


def _bind_answer(run: Run, text: str) -> Stop | None:
    code = run.frames[-1].statement
    assert isinstance(code, Code)
    assert code.act is not None
    known, key = run.call.answers, (code, is_quiet(run.frames))
    if key not in known:
        known[key] = feeds.for_answer(ahead.after(run.frames))
    run.feed, run.doing, run.answer = known[key], "answer", text
    inputs = {code.act.target: text} if code.act.target else None
    return _went(run, turns.turned(run, run.interpreter.feed(known[key].code, inputs)))


def _answer_bound(run: Run, output: Any) -> None:
    code = run.frames[-1].statement
    assert isinstance(code, Code)
    assert code.act is not None
    run.ahead, target = output, code.act.target
    if target is None:
        run.tape.emit(StatementFinished(run.place))
        return
    run.tape.emit(StatementFinished(run.place, bindings.text_bound(run, target, run.answer)))


def _test(run: Run, branch: If) -> Stop | None:
    look = _look(run, branch)
    if look is None:
        return _start(run, feeds.for_test(branch.test), "test", branch.test.mentions)
    value, run.ahead = look
    run.tape.emit(ConditionEvaluated(run.place, value))
    _enter(run, branch.body if value else branch.orelse)
    return None


def _start(run: Run, feed: Feed, doing: Doing, mentions: tuple[str, ...] = ()) -> Stop | None:
    return _went(run, turns.feed(run, feed, doing, mentions))


def _went(run: Run, turn: Stop | Finished) -> Stop | None:
    if not isinstance(turn, Finished):
        return turn
    output = turn.output
    match run.doing, run.frames[-1]:
        case "statement", _:
            return _code_finished(run, output)
        case "answer", _:
            _answer_bound(run, output)
        case "iterable", _:
            return _loop_started(run, output)
        case "pass", Loop() as loop:
            _pass_found(run, loop, output)
        case _:
            _tested(run, output)
    return None


def _code_finished(run: Run, output: Any) -> Stop | None:
    code = run.frames[-1].statement
    assert isinstance(code, Code)
    report, how, run.ahead = output
    changed = bindings.reported(run, report, code.binds)
    deletes = code.deletes if run.edition == 1 else bindings.deleted(run, report, code.deletes)
    changed = bindings.without_deleted(run, changed, deletes)
    run.tape.emit(StatementFinished(run.place, changed, deletes))
    return _jump(run, how) if how else None


def _open_loop(run: Run, owner: For | While) -> Loop:
    loop = Loop((), owner=owner, around=run.frames[-1].passes)
    loop.next_pass()
    run.frames.append(loop)
    return loop


def _loop_started(run: Run, output: Any) -> Stop | None:
    owner = run.frames[-1].statement
    assert isinstance(owner, For)
    slot = sum(isinstance(frame, Loop) for frame in run.frames)
    report, iterator = output
    carried = bindings.reported(run, report, owner.iterable.binds)
    quiet = iterator in ahead.QUIET_ITERATORS
    loop = _open_loop(run, owner)
    loop.slot, loop.carried, loop.quiet = slot, carried, quiet
    return _next_pass(run, loop, owner)


def _next_pass(run: Run, loop: Loop, owner: For) -> Stop | None:
    seen = ahead.found_pass(run.ahead, loop)
    if seen is None:
        known, key = run.call.feeds, (owner, False)
        if key not in known:
            known[key] = feeds.for_pass(owner, loop.slot, ahead.into(owner.body))
        return _start(run, known[key], "pass")
    run.ahead = seen.look
    if seen.item is None:
        _exhausted(run)
    else:  # the sandbox learns of it with its next feed
        run.interpreter.owed = {owner.target: seen.item, f"__rc_n{loop.slot}": []}
        _begin_pass(run, loop, bindings.text_bound(run, owner.target, seen.item))
    return None


def _pass_found(run: Run, loop: Loop, output: Any) -> None:
    owner = loop.owner
    assert isinstance(owner, For)
    found, report, run.ahead = output
    if found:
        _begin_pass(run, loop, bindings.reported(run, report, owner.binds))
    else:
        _exhausted(run)


def _tested(run: Run, output: Any) -> None:
    value, report = output
    frame = run.frames[-1]
    owner = frame.owner if isinstance(frame, Loop) and frame.testing else frame.statement
    assert isinstance(owner, If | While)
    run.tape.emit(ConditionEvaluated(run.place, value, bindings.reported(run, report, owner.test.binds)))
    if isinstance(frame, Loop) and isinstance(owner, While):
        if value:
            _begin_pass(run, frame, ())
        else:
            _exhausted(run)
    else:
        _enter(run, owner.body if value else owner.orelse)


def _enter(run: Run, block: Block, carried: tuple[Variable, ...] = ()) -> None:
    """Go into the chosen block of the current statement, or past the statement."""
    if block:
        run.frames.append(Branch(block, passes=run.frames[-1].passes, carried=carried))
    else:
        _statement_done(run, carried)


def _begin_pass(run: Run, loop: Loop, changed: tuple[Variable, ...]) -> None:
    assert loop.owner is not None
    run.tape.emit(PassStarted(run.place, loop.number, loop.carried + changed))
    loop.block, loop.index, loop.testing, loop.carried = loop.owner.body, -1, False, ()


def _exhausted(run: Run) -> None:
    loop = run.frames.pop()
    assert isinstance(loop, Loop)
    assert loop.owner is not None
    _enter(run, loop.owner.orelse, loop.carried)


def _leave(run: Run) -> Stop | None:
    """The innermost block has come to its end."""
    frame = run.frames[-1]
    match frame:
        case Call():
            return expansions.finish(run)
        case Branch():
            run.frames.pop()
            _statement_done(run, frame.carried)
            return None
        case Loop(testing=False):
            frame.next_pass()
            return None
        case Loop():
            run.place, frame.index = place_of(run.frames[:-1]), -1
            if (stuck := turns.stuck(run)) is not None:
                return run.fail(run.place, stuck)
            if isinstance(frame.owner, While):
                test = frame.owner.test
                return _start(run, feeds.for_test(test), "test", test.mentions)
            assert frame.owner is not None
            return _next_pass(run, frame, frame.owner)


def _statement_done(run: Run, carried: tuple[Variable, ...] = ()) -> None:
    """An `if` or a loop is done; inside other control flow that is told only if a variable changed."""
    if isinstance(run.frames[-1], Call) or carried:
        run.place = place_of(run.frames)
        run.tape.emit(StatementFinished(run.place, carried))


def _jump(run: Run, kind: str) -> Stop | None:
    run.ahead = None
    while not isinstance(loop := run.frames[-1], Loop):
        run.frames.pop()
    if kind == "continue":
        loop.index = len(loop.block) - 1
        return None
    run.frames.pop()
    _statement_done(run)
    return None
