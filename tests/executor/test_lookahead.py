"""What the executor records does not depend on whether its evaluator looks ahead.

`RECODE_LOOKAHEAD=off pytest` runs all other tests without it.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.events import ActionFinished, Event, ExpansionReplied, StatementFailed
from recode_core.executor import Executor, Limits
from recode_core.executor.evaluator import MakeEvaluator, PlainEvaluator
from recode_core.executor.lookahead import LookaheadEvaluator
from recode_core.executor.run_state import AtAction, AtStatement
from recode_core.interpreter import Interpreter, Raised
from recode_core.log import Record
from recode_core.testing import ROOT, RunHarness
from tests.executor.constructs import SECTIONS
from tests.executor.test_random_programs import Writer
from tests.support.markers import first_quick

LOOP = """for place in ['desk 1', 'bed', 'désk', 'shelf']:
    seen = run(f'go to {place}')
    if 'nothing' in seen:
        continue
    elif 'cup' in seen:
        taken = run(f'take {place}')
        break
    else:
        n = len(seen)
else:
    place = 'nowhere'
end = run('look')"""

PROGRAMS = {
    "a loop that searches": LOOP,
    "a loop that is never left": LOOP.replace("'cup'", "'dog'"),
    "items that are no text": "for n in [1, 'a', None, 2.5]:\n    x = run(f'go {n}')",
    "items of a dict": "d = {'a': 1}\nfor k in d:\n    x = run(k)\nfor k, v in d.items():\n    y = run(k)",
    "an iterator that acts": "for x in (run(p) for p in 'abc'):\n    y = run(x)",
    "an iterator that code shares": "it = iter('abcd')\nfor x in it:\n    y = run(x)\n    z = next(it, '')",
    "a list that grows": "xs = ['a']\nfor x in xs:\n    y = run(x)\n    if len(xs) < 3: xs.append(y)",
    "loops in loops": "for a in 'xy':\n    for b in ['1', 'é']:\n        c = run(a + b)\n        if c: pass",
    "a test that fails": "x = run('a')\nif x[100]:\n    pass",
    "an action that is no text": "x = run('a')\ny = run(len(x))",
    "an action that fails to be built": "x = run('a')\ny = run({}[x])",
    "an action that is too long": "x = run('a')\ny = run('z' * 200_000)",
    "a name that is deleted": "x = run('a')\ndel x\nfor i in 'ab':\n    y = run(i)\n    if x: pass",
    "a target that is deleted": "for i in ['a', 'é']:\n    y = run(i)\n    del i",
    "tests in a row": "x = run('a')\nif x == 'b': y = 1\nif x: run('c')\nif not x: run('d')",
    "while": "n = 0\nwhile n < 3:\n    x = run(f'{n}')\n    n += 1\n    if n == 2: print(x)",
    "nothing is bound": "for x in ['a', 'b']:\n    run(x)\nrun('c')",
}


def records_with(evaluator: MakeEvaluator, code: str, drive: Callable[[RunHarness], object]) -> list[Event]:
    """What a run of that code records with an evaluator, without durations."""
    world = ScriptedWorld(["a hall", "a désk with nothing", "a cup"] * 30)
    with RunHarness({ROOT: code}, world, limits=Limits(steps=30, repairs=0, rewrites=0)) as run:
        run.executor = _with(evaluator, run)
        drive(run)
        return [_timeless(record.event) for record in run.log.records]


def _with(evaluator: MakeEvaluator, run: RunHarness) -> Executor:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Executor, "evaluator", evaluator)
        return Executor(run.run)


def _timeless(event: Event) -> Event:
    timed = isinstance(event, ActionFinished | ExpansionReplied)
    return msgspec.structs.replace(event, seconds=0.0) if timed else event


def assert_recorded_alike(code: str, drive: Callable[[RunHarness], object] = RunHarness.to_end) -> None:
    plain = records_with(PlainEvaluator, code, drive)
    assert records_with(LookaheadEvaluator, code, drive) == plain


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_recorded_alike(name: str) -> None:
    assert_recorded_alike(PROGRAMS[name])


@pytest.mark.parametrize("section", SECTIONS)
def test_the_constructs_of_the_language_are_recorded_alike(section: str) -> None:
    for construct in SECTIONS[section]:
        if not construct.refusal:
            assert_recorded_alike(construct.code)


@pytest.mark.parametrize("seed", first_quick(range(60), 10))
def test_random_programs_are_recorded_alike(seed: int) -> None:
    assert_recorded_alike(Writer(seed).program())


def test_a_variable_that_is_set_at_an_action_is_heeded_by_what_was_known_already() -> None:
    def drive(run: RunHarness) -> None:
        run.until(AtAction, 2)
        run.executor.changes.set_variable("place", "'attic'")
        run.to_end()

    assert_recorded_alike(LOOP, drive)


def test_code_that_is_edited_at_a_statement_is_heeded_by_what_was_known_already() -> None:
    def drive(run: RunHarness) -> None:
        run.until(AtAction, 2)
        run.until(AtStatement)
        run.executor.changes.edit("0", LOOP.replace("'nothing' in", "'' in"))
        run.to_end()

    assert_recorded_alike(LOOP, drive)


def test_a_statement_that_is_skipped_is_not_answered_for() -> None:
    def drive(run: RunHarness) -> None:
        run.until(AtAction, 2)
        run.executor.changes.skip()
        run.to_end()

    assert_recorded_alike(LOOP, drive)


def test_looking_ahead_feeds_the_sandbox_once_for_each_action(monkeypatch: pytest.MonkeyPatch) -> None:
    feeds = list[str]()
    feed = Interpreter.feed

    def counted(self: Interpreter, code: str, inputs: dict[str, object] | None = None) -> object:
        feeds.append(code)
        return feed(self, code, inputs)

    monkeypatch.setattr(Interpreter, "feed", counted)
    code = "for place in [str(i) for i in range(20)]:\n    seen = run(place)\n    if 'dog' in seen: break"
    counts = []
    for evaluator in (LookaheadEvaluator, PlainEvaluator):
        feeds.clear()
        records_with(evaluator, code, RunHarness.to_end)
        counts.append(len(feeds))
    assert counts == [23, 63]


@pytest.mark.parametrize("evaluator", [PlainEvaluator, LookaheadEvaluator])
def test_a_crash_at_a_test_that_was_known_early_repeats_as_it_was_recorded(
    evaluator: MakeEvaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "x = run('a')\nif x == 'a hall':\n    y = 1"
    feed = Interpreter.feed

    def crashing(self: Interpreter, code: str, inputs: dict[str, object] | None = None) -> object:
        is_test = code.startswith("(not not (")
        return CRASH if is_test else feed(self, code, inputs)

    with monkeypatch.context() as patched:
        patched.setattr(Interpreter, "feed", crashing)
        recorded = _recording(PlainEvaluator, code)
    monkeypatch.setattr(Executor, "evaluator", evaluator)
    with RunHarness({ROOT: code}, limits=Limits(repairs=0), recorded=recorded) as again:
        again.run.world = None
        assert again.to_end().outcome == "failed"
        failed = again.events(StatementFailed)[0]
        assert (failed.place.span.line, failed.failure.lost) == (2, True)
        assert again.log.records == recorded


CRASH = Raised("InterpreterCrashed", "the interpreter's process ended", state_lost=True)


def _recording(evaluator: MakeEvaluator, code: str) -> list[Record]:
    with RunHarness({ROOT: code}, ScriptedWorld(["a hall"]), limits=Limits(repairs=0)) as run:
        run.executor = _with(evaluator, run)
        run.to_end()
        return list(run.log.records)
