"""Conditions evaluated on recorded values: what they tell is what the sandbox of a replay tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from recode_core.debugger.conditions import holds
from recode_core.debugger.debug_session import open_readonly
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.history_replay import replay
from recode_core.debugger.recorded_conditions import RecordedCondition
from recode_core.environments.scripted import ScriptedWorld
from recode_core.interpreter import EvaluationFailed, Interpreter
from recode_core.testing import RunWiring, scripted_policy
from recode_tui.session_sources import samples_dir

MUTATING = """\
seen = []
alias = seen
count = 0
table = {'a': [1], 'b': {2, 3}, 'c': (None, True, -1.5)}
for place in ['shelf 1', 'shelf 2', 'drawer 1']:
    text = run(f'go to {place}')
    seen.append(place)
    table[place] = alias[-1]
    count += 1
    if count > 1:
        run('look' if not seen.append('again') else 'wait')
long = 'x' * 500
numbers = {n: str(n) for n in range(5)}
first = [run(f'open {n}') for n in range(2) if not alias.append(n)]
del count
run('look')
"""
FAILING = "seen = [1]\nrun('look')\nfor n in [seen.append(2), 1 / 0]:\n    run('wait')\nrun('look')"
CONDITIONS = (
    *("True", "False", "1 / 0", "nothing", "len(seen) > 2", "seen is alias", "seen[-1] == 'again'"),
    *("count == 2 and place != 'shelf 1'", "'shelf' in place", "place.startswith('drawer')", "not seen"),
    *("any(each == place for each in seen)", "table['b'] == {2, 3}", "table[place] == place", "seen[9]"),
    *("len(long) == 500", "numbers[3] == '3'", "sum(numbers) > 9", "text is not None", "seen + count"),
    *("event.type == 'action_reached'", "event.action == 'look'", "episode.steps > 2", "seen.pop() == place"),
)


@pytest.fixture
def scratch() -> Iterator[Interpreter]:
    with closing(Interpreter()) as interpreter:
        yield interpreter


def told(debugger: Debugger, conditions: Sequence[str], scratch: Interpreter) -> int:
    """Compare every result with that of the sandbox; returns how many there were."""
    timeline, count = debugger.timeline, 0
    recorded = {text: RecordedCondition(text, timeline, lambda: scratch) for text in conditions}
    parts = debugger.parts
    for stop, since, interpreter in replay(parts.restorer, parts.log, timeline, parts.end):
        event = since[-1].event
        for text, condition in recorded.items():
            found = condition.result_at(stop, event)
            if found is None:
                continue
            count += 1
            try:
                expected: bool | EvaluationFailed = holds(
                    text, interpreter, event, timeline.at(stop.n).facts()
                )
            except EvaluationFailed as error:
                expected = error
            if isinstance(expected, EvaluationFailed):
                assert isinstance(found, EvaluationFailed), (stop, text)
                assert found.type == expected.type, (stop, text)
            else:
                assert found == expected, (stop, text)
    return count


@pytest.mark.parametrize(("code", "least"), [(MUTATING, 300), (FAILING, 30)])
def test_a_recorded_value_is_that_of_the_sandbox(code: str, least: int, scratch: Interpreter) -> None:
    with closing(RunWiring(lambda: scripted_policy(code), ScriptedWorld).debugger()) as debugger:
        debugger.resume()
        assert told(debugger, CONDITIONS, scratch) > least


@pytest.mark.parametrize(
    "name",
    [
        "household-mended",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("household-codeact", "model-failed", "model-repaired")
        ),
    ],
)
def test_so_it_is_in_the_samples(name: str, scratch: Interpreter) -> None:
    with closing(open_readonly(samples_dir() / f"{name}.jsonl")) as opened:
        names = sorted(opened.debugger.timeline.variables.bindings)[:8]
        conditions = [f"{name} == {name}" for name in names]
        conditions += [f"'a' in str({name})" for name in names]
        conditions += [f"len({name}) > 9" for name in names]
        assert told(opened.debugger, conditions, scratch) > 30


@pytest.mark.parametrize(
    "condition", ["run('look')", "seen is alias", "id(seen)", "event", "(lambda: seen)()", "long == 'x'"]
)
def test_only_a_replay_tells_what_is_not_recorded(condition: str, scratch: Interpreter) -> None:
    with closing(RunWiring(lambda: scripted_policy(MUTATING), ScriptedWorld).debugger()) as debugger:
        debugger.resume()
        stop = debugger.timeline.stops[-2]
        event = debugger.timeline.event_of(stop)
        assert event is not None
        assert RecordedCondition(condition, debugger.timeline, lambda: scratch).result_at(stop, event) is None


def test_after_a_failure_only_a_replay_tells_what_the_statement_did(scratch: Interpreter) -> None:
    with closing(RunWiring(lambda: scripted_policy(FAILING), ScriptedWorld).debugger()) as debugger:
        debugger.resume()
        timeline = debugger.timeline
        condition = RecordedCondition("len(seen) == 1", timeline, lambda: scratch)
        results = [condition.result_at(stop, timeline.records[0].event) for stop in timeline.stops]
        assert results.count(True) == 3
        assert not any(results[[stop.kind for stop in timeline.stops].index("failure") :])
