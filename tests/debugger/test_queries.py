"""Questions: what a variable was, where a condition held, where a value comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from recode_core.debugger.debugger import Debugger
from recode_core.debugger.queries import ValueOrigin, full_value, history, origin, when
from recode_core.environments.environment import Environment, World
from recode_core.environments.household import Household
from recode_core.environments.scripted import GUIDE, ScriptedAnswer, ScriptedWorld
from recode_core.errors import RecodeError
from recode_core.events import (
    ActionFinished,
    Event,
    ExpansionEdited,
    ExpansionReplied,
    VariableSet,
    WorldReset,
)
from recode_core.interpreter import EvaluationFailed
from recode_core.log import Record
from recode_core.policies.policy import Policy
from recode_core.policies.reply import ParsedReply
from recode_core.policies.scripted import Scripted
from recode_core.testing import ROOT, RunWiring, scripted_policy

Make = Callable[..., Debugger]


class OneWorld:
    """Opens worlds and counts them."""

    def __init__(self, open_world: Callable[[], World]) -> None:
        self.opened = 0
        self._open = open_world

    def __call__(self) -> World:
        self.opened += 1
        return self._open()


def _debugger(guide: Environment | None, policy: Policy, open_world: OneWorld) -> Debugger:
    return RunWiring(lambda: policy, open_world, guide.guide if guide else GUIDE).debugger()


@pytest.fixture
def scripted() -> Iterator[Make]:
    """Debuggers of runs in which policy and world say what they are told to."""
    with ExitStack() as stack:

        def make(code: dict[str, str] | str, *answers: ScriptedAnswer) -> Debugger:
            made = _debugger(None, scripted_policy(code), OneWorld(lambda: ScriptedWorld(answers)))
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def at_home() -> Iterator[Debugger]:
    """A household run that is solved."""
    home = Household()
    policy = home.expert("put:7")
    assert policy is not None
    made = _debugger(home, policy, OneWorld(lambda: home.open("put:7")))
    made.resume()
    assert made.timeline.end.outcome == "solved"
    yield made
    made.close()


def _values(debugger: Debugger, name: str) -> list[str | None]:
    return [change.variable.value if change.variable else None for change in history(debugger.parts, name)]


def _answers(found: ValueOrigin) -> list[str]:
    events = [record.event for record in found.observations]
    return [event.observation.text for event in events if isinstance(event, ActionFinished)]


def _event(record: Record | None) -> Event:
    assert record is not None
    return record.event


def test_the_history_of_a_variable_holds_every_change_in_order_even_in_place(scripted: Make) -> None:
    debugger = scripted("x = [1]\nx.append(2)\nfor x in (3, 4):\n    pass\ndel x\nx = 5")
    debugger.resume()
    assert _values(debugger, "x") == ["[1]", "[1, 2]", "3", "4", None, "5"]
    places = [change.place and change.place.node for change in history(debugger.parts, "x")]
    assert places == ["0.0", "0.1", "0.2", "0.2", "0.3", "0.4"]


def test_a_variable_that_never_was_has_no_history(scripted: Make) -> None:
    debugger = scripted("x = 1")
    debugger.resume()
    assert history(debugger.parts, "y") == []


def test_history_goes_to_the_end_of_the_line_wherever_the_cursor_is(scripted: Make) -> None:
    debugger = scripted("x = 1\nx = 2\nx = 3")
    debugger.resume()
    debugger.goto("0.1")
    assert _values(debugger, "x") == ["1", "2", "3"]


def test_the_history_of_another_branch_is_its_own(scripted: Make) -> None:
    debugger = scripted("x = 1\ny = x")
    debugger.resume()
    debugger.goto("0.1")
    debugger.set("x", "9")
    debugger.resume()
    assert _values(debugger, "x") == ["1", "9"]
    assert [change.place and change.place.node for change in history(debugger.parts, "x")] == ["0.0", "0.1"]
    assert _values(debugger, "y") == ["9"]
    debugger.switch("main")
    assert _values(debugger, "x") == ["1"]


def test_what_the_log_shortened_is_recomputed_whole(scripted: Make) -> None:
    debugger = scripted("x = list(range(1000))\nx = 'ä' * 5000\nx = {'k': run('look')}\nx = 1", "o" * 3000)
    debugger.resume()
    changes = [
        change for change in history(debugger.parts, "x") if change.variable and change.variable.length
    ]
    assert [full_value(debugger.parts, "x", change.n).value for change in changes] == [
        repr(list(range(1000))),
        repr("ä" * 5000),
        repr({"k": "o" * 3000}),
    ]


def test_a_value_that_the_log_has_whole_is_not_recomputed(scripted: Make) -> None:
    debugger = scripted("x = 1")
    debugger.resume()
    (change,) = history(debugger.parts, "x")
    assert full_value(debugger.parts, "x", change.n) == change.variable


def test_a_value_that_was_replaced_before_the_next_stop_is_not_made_up(scripted: Make) -> None:
    debugger = scripted("for x in ('a' * 300, 'b' * 300):\n    x = x + 'c' * 300")
    debugger.resume()
    first, bound, *_ = history(debugger.parts, "x")
    assert full_value(debugger.parts, "x", first.n).value == repr("a" * 300)
    with pytest.raises(RecodeError, match="replaced before the next stop"):
        full_value(debugger.parts, "x", bound.n)


@pytest.mark.parametrize("n", [-5, 2, 10_000])
def test_a_record_that_gives_no_value_is_refused(scripted: Make, n: int) -> None:
    debugger = scripted("x = 1")
    debugger.resume()
    with pytest.raises(RecodeError, match="does not set 'x'"):
        full_value(debugger.parts, "x", n)


def test_when_finds_every_stop_where_a_condition_holds(scripted: Make) -> None:
    debugger = scripted("x = 0\nfor i in range(4):\n    x = x + i\nx = 0")
    debugger.resume()
    rests = when(debugger.parts, "x > 2")
    assert [debugger.timeline.text_at(rest) for rest in rests] == ["x = x + i", "x = 0"]
    assert [rest.kind for rest in rests] == ["statement", "statement"]


def test_when_asks_nobody_and_writes_nothing(at_home: Debugger) -> None:
    restorer, records = at_home.parts.restorer, len(at_home.log)
    opened = restorer._open_world
    assert isinstance(opened, OneWorld)
    at_home.parts.live_run().executor.run.policy = Scripted(())
    before = opened.opened
    rests = when(at_home.parts, "obj_ID == 'cd 2'")
    assert rests
    assert [at_home.evaluate("obj_ID") for rest in rests[:3] if at_home.goto(rest.n)] == ["'cd 2'"] * 3
    assert (len(at_home.log), opened.opened) == (records, before)


@pytest.mark.slow
def test_when_agrees_with_going_to_each_stop_and_looking(at_home: Debugger) -> None:
    expression = "len(seen) == 1 and episode.steps < 3"
    expected = [rest for rest in at_home.timeline.stops[1:] if _holds(at_home, rest.n, expression)]
    assert when(at_home.parts, expression) == expected
    assert expected


def test_when_tells_of_a_record_at_the_stop_that_follows_it(scripted: Make) -> None:
    debugger = scripted("run('look')\nrun('open door')\nx = 1", "A door.", "It is open.")
    debugger.resume()
    (rest,) = when(debugger.parts, "'is open' in (event.text or '')")
    assert debugger.timeline.text_at(rest) == "x = 1"


@pytest.mark.parametrize("expression", ["x.pop() == 3", "(y := x[2]) == 3", "3 in items", "x[2] == 3"])
def test_asking_leaves_no_trace_in_what_comes_after(scripted: Make, expression: str) -> None:
    debugger = scripted("x = [1, 2, 3]\nitems = iter(x)\ny = 0\nfor item in items:\n    y = y + item")
    debugger.resume()
    rests = when(debugger.parts, expression)
    assert rests == [rest for rest in debugger.timeline.stops[1:] if _holds(debugger, rest.n, expression)]
    assert len(rests) > 2


def _holds(debugger: Debugger, n: int, expression: str) -> bool:
    debugger.goto(n)
    try:
        return debugger.evaluate(f"bool({expression})") == "True"
    except EvaluationFailed:
        return False


def test_a_deleted_name_is_not_defined_where_a_condition_asks_for_it(scripted: Make) -> None:
    debugger = scripted("x = 1\ny = 2\ndel x\nz = 3")
    debugger.resume()
    assert [debugger.timeline.text_at(rest) for rest in when(debugger.parts, "x != 7")] == ["y = 2", "del x"]


def test_a_condition_cannot_act(scripted: Make) -> None:
    debugger = scripted("run('look')")
    debugger.resume()
    with pytest.raises(EvaluationFailed, match="would act in the world"):
        when(debugger.parts, "run('open') == ''")


@pytest.mark.parametrize("expression", ["nobody == 1", "1 / 0"])
def test_a_condition_that_can_be_evaluated_nowhere_says_why(scripted: Make, expression: str) -> None:
    debugger = scripted("x = 1")
    debugger.resume()
    with pytest.raises(EvaluationFailed, match=r"nobody|division"):
        when(debugger.parts, expression)


def test_a_condition_that_is_no_expression_is_refused(scripted: Make) -> None:
    debugger = scripted("x = 1")
    with pytest.raises(RecodeError, match="not an expression"):
        when(debugger.parts, "x =")


def test_when_goes_through_a_users_changes(scripted: Make) -> None:
    debugger = scripted("x = 1\nrun('look')\ny = 2\nz = 3")
    debugger.resume()
    debugger.goto("0.2")
    debugger.set("x", "7")
    debugger.skip()
    debugger.resume()
    assert [debugger.timeline.text_at(rest) for rest in when(debugger.parts, "x == 7")][:2] == [
        "y = 2",
        "z = 3",
    ]
    assert history(debugger.parts, "y") == []


def test_what_was_undone_is_no_history(scripted: Make) -> None:
    debugger = scripted("x = 1\nx = 2\nx = 3")
    debugger.until("0.1")
    debugger.set("x", "5")
    debugger.undo()
    assert _values(debugger, "x") == ["1"]
    assert len(when(debugger.parts, "x == 5")) == 0


def test_the_origin_of_an_answer_is_the_statement_with_its_observation_and_reply(scripted: Make) -> None:
    debugger = scripted({ROOT: "y = 1\nx = find(y)", "x = find(y)": "run('look')\nx = run('open')"}, "a", "b")
    debugger.resume()
    found = origin(debugger.parts, "x")
    assert (found.statement, found.change.place and found.change.place.node) == ("x = run('open')", "0.1.1")
    assert _answers(found) == ["b"]
    assert isinstance(reply := _event(found.written), ExpansionReplied)
    assert reply.node == "0.1"


def test_a_statement_of_several_actions_has_all_their_observations(scripted: Make) -> None:
    debugger = scripted("x = run('a') + run('b')\nrun('c')", "1", "2", "3")
    debugger.resume()
    assert _answers(origin(debugger.parts, "x")) == ["1", "2"]


def test_the_origin_in_a_loop_is_the_answer_of_its_last_pass(scripted: Make) -> None:
    code = "while (x := run('look')) != 'end':\n    run('wait')"
    debugger = scripted(code, "on", "-", "and on", "-", "end")
    debugger.resume()
    assert _answers(origin(debugger.parts, "x")) == ["end"]


def test_the_origin_is_that_of_the_value_at_the_cursor(scripted: Make) -> None:
    debugger = scripted("x = 1\nx = 2")
    debugger.resume()
    assert origin(debugger.parts, "x").statement == "x = 2"
    debugger.goto("0.1")
    assert origin(debugger.parts, "x").statement == "x = 1"
    debugger.goto("0.0")
    with pytest.raises(RecodeError, match="unknown variable 'x'"):
        origin(debugger.parts, "x")


def test_a_deleted_variable_has_no_origin(scripted: Make) -> None:
    debugger = scripted("x = 1\ndel x")
    debugger.resume()
    with pytest.raises(RecodeError, match="unknown variable 'x'"):
        origin(debugger.parts, "x")


def test_the_first_observation_comes_from_the_world(scripted: Make) -> None:
    debugger = scripted("x = 1")
    debugger.resume()
    found = origin(debugger.parts, "observation")
    assert isinstance(_event(found.observations[0]), WorldReset)
    assert (found.statement, found.written) == ("", None)


def test_what_the_user_set_comes_from_the_user(scripted: Make) -> None:
    debugger = scripted("x = 1\ny = 2")
    debugger.resume()
    debugger.goto("0.1")
    debugger.set("x", "3 + 4")
    found = origin(debugger.parts, "x")
    assert (found.statement, type(_event(found.written))) == ("x = 3 + 4", VariableSet)


def test_after_an_edit_only_the_changed_statement_comes_from_the_user(scripted: Make) -> None:
    debugger = scripted("w = 1\nx = 1\ny = 1")
    debugger.until("0.1")
    debugger.edit("0.1", "x = 2")
    debugger.resume()
    writers = [type(_event(origin(debugger.parts, name).written)) for name in "wxy"]
    assert writers == [ExpansionReplied, ExpansionEdited, ExpansionReplied]


def test_a_repaired_value_comes_from_the_reply_that_repaired_it(scripted: Make) -> None:
    replies = [str(ParsedReply("a reason", code)) for code in ("x = 1\n1 / 0", "x = 2")]
    debugger = _debugger(None, Scripted(replies), OneWorld(ScriptedWorld))
    debugger.resume()
    debugger.resume()
    written = _event(origin(debugger.parts, "x").written)
    assert isinstance(written, ExpansionReplied)
    assert "x = 2" in written.text
    debugger.close()


def test_every_variable_of_a_household_run_has_an_origin(at_home: Debugger) -> None:
    names = set(at_home.variables())
    found = {name: origin(at_home.parts, name) for name in names}
    assert {"obj_ID", "view", "observation"} <= names
    assert all(o.written is not None or o.observations for o in found.values())
    (answer,) = _answers(found["view"])
    assert full_value(at_home.parts, "view", found["view"].change.n).value == repr(answer)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("max(d, key=d.get)", "'b'"),
        ("sorted(xs, key=str.lower)", "['a', 'B']"),
        ("getattr(x, 'upper')()", "'A DOOR.'"),
        ("next(k for k in d if k == 'b')  # the first", "'b'"),
    ],
)
def test_what_a_user_asks_is_understood_as_what_code_says(
    expression: str, value: str, scripted: Make
) -> None:
    debugger = scripted("d = {'a': 2, 'b': 5}\nxs = ['B', 'a']\nx = run('look')\ny = 1", "A door.")
    debugger.resume()
    assert debugger.evaluate(expression) == value
    assert when(debugger.parts, f"({expression.partition('  #')[0]}) == {value}")
