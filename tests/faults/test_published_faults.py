"""What the published implementation of ReCode gets wrong, each held against this one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import PolicyUnavailable
from recode_core.events import ActionFinished, ExpansionRefused, ExpansionRequested, Printed, StatementFailed
from recode_core.executor import Limits
from recode_core.interpreter import SandboxLimits
from recode_core.policies.policy import Reply, Request
from recode_core.policies.scripted import Scripted
from recode_core.testing import ROOT, MakeRun, RunHarness
from recode_core.timeline import Timeline
from recode_core.values import Observation, Variable
from recode_tui.cli.output import console
from recode_tui.tree_text import outline
from tests.support.waiting import PATIENCE

WON = Observation("You win.", score=1.0, done=True, success=True)


def _asked(played: RunHarness) -> list[str]:
    return [event.statement for event in played.events(ExpansionRequested)][1:]


# Its only recovery is from syntax errors.


@pytest.mark.parametrize(
    "error",
    ["1 / 0", "x = undefined", "[][0]", "{}['k']", "None.a", "int('a')", "raise ValueError('v')", "assert 0"],
)
def test_a_runtime_error_does_not_end_the_episode(make_run: MakeRun, error: str) -> None:
    played = make_run({ROOT: [error, "run('win')"]}, ScriptedWorld({"win": WON}))
    assert played.to_end().outcome == "solved"


def test_a_syntax_error_does_not_end_the_episode(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["x = (", "run('win')"]}, ScriptedWorld({"win": WON}))
    assert played.to_end().outcome == "solved"


def test_a_placeholder_at_the_depth_limit_does_not_end_the_episode(make_run: MakeRun) -> None:
    script = {ROOT: "f(1)", "f(1)": ["f(2)", "run('win')"]}
    played = make_run(script, ScriptedWorld({"win": WON}), limits=Limits(depth=2))
    assert played.to_end().outcome == "solved"


def test_a_child_that_fails_for_good_does_not_terminate_the_run_early(make_run: MakeRun) -> None:
    script = {ROOT: ["buy(1)", "buy(2)"], "buy(1)": "1 / 0", "buy(2)": "run('buy now')"}
    played = make_run(script, ScriptedWorld({"buy now": WON}))
    assert played.to_end().outcome == "solved"


# A placeholder is found by running the statement and catching NameError.


def test_a_loop_that_acts_before_it_reaches_a_placeholder_does_not_act_twice(make_run: MakeRun) -> None:
    code = "for place in ['a', 'b']:\n    run('go to ' + place)\n    take(place)"
    played = make_run({ROOT: code, "take(place)": "run('take from ' + place)"})
    played.to_end()
    assert played.actions == ["go to a", "take from a", "go to b", "take from b"]


def test_a_statement_that_acts_and_then_calls_a_placeholder_does_not_act_before_it_is_replaced(
    make_run: MakeRun,
) -> None:
    played = make_run({ROOT: "x = [run('a'), f()]", "x = [run('a'), f()]": "x = [run('a'), 1]"})
    played.to_end()
    assert played.actions == ["a"]


def test_a_mistyped_variable_is_not_expanded_as_if_it_were_a_function(make_run: MakeRun) -> None:
    played = make_run({ROOT: ["location = 'a'\nrun(locaton)", "run(location)"]})
    played.to_end()
    assert _asked(played) == [ROOT]
    assert played.events(StatementFailed)[0].failure.message == "name 'locaton' is not defined"
    assert played.actions == ["a"]


def test_a_method_of_an_undefined_name_is_not_taken_for_a_placeholder(make_run: MakeRun) -> None:
    played = make_run({ROOT: "x = 0 <= random.random() < 1"})
    played.to_end()
    assert _asked(played) == []
    assert played.values()["x"] == "True"


# Two statements on a line run twice; imports are lost; a failure parts mind and world.


def test_two_statements_on_one_line_run_once_each(make_run: MakeRun) -> None:
    played = make_run("a = run('one'); b = run('two')")
    played.to_end()
    assert played.actions == ["one", "two"]


def test_two_placeholders_on_one_line_are_expanded_once_each(make_run: MakeRun) -> None:
    script = {ROOT: "x = 1\na = f(x); b = g(x)", "a = f(x)": "a = run('f')", "b = g(x)": "b = run('g')"}
    played = make_run(script)
    played.to_end()
    assert (_asked(played), played.actions) == (["a = f(x)", "b = g(x)"], ["f", "g"])


def test_an_import_lasts_for_the_whole_episode(make_run: MakeRun) -> None:
    script = {
        ROOT: "import math\nx = math.floor(1.5)\nf()\ny = re.sub('a', 'b', 'a')",
        "f()": "import re\nz = math.pi",
    }
    played = make_run(script)
    assert played.to_end().outcome == "finished"
    assert (played.values()["x"], played.values()["y"]) == ("1", "'b'")


def test_after_a_failure_rebound_variables_and_changes_in_place_both_stay(make_run: MakeRun) -> None:
    loop = "for i in range(3):\n    items.append(run(f'take {i}')); count = count + 1\n    1 / (1 - i)"
    failing = f"items = []\ncount = 0\n{loop}"
    played = make_run({ROOT: [failing, "x = (len(items), count, i)"]})
    played.to_end()
    assert (played.values()["x"], played.actions) == ("(2, 2, 1)", ["take 0", "take 1"])


# Only bare names and literal keywords of the first call reach the prompt.


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ('f(obs[0], d["k"])', ["obs", "d"]),
        ("f(key=obs)", ["obs"]),
        ("f(g(obs), *d)", ["obs", "d"]),
        ("f(f'{obs} {d}')", ["obs", "d"]),
        ("f(obs.text, -n, [d])", ["obs", "n", "d"]),
        ("x[n] = f(obs)", ["x", "n", "obs"]),
    ],
)
def test_every_variable_that_the_call_mentions_reaches_the_prompt(
    make_run: MakeRun, call: str, names: list[str]
) -> None:
    played = make_run({ROOT: f"obs = ['o']\nd = {{'k': 1}}\nn = 0\nx = [2]\n{call}", call: "pass"})
    played.to_end()
    request = played.scripted.requests[1]
    assert [variable.name for variable in request.variables] == names
    assert all(f"{name}: " in request.messages[-1].content for name in names)


def test_building_a_prompt_writes_nothing_into_the_namespace(make_run: MakeRun) -> None:
    played = make_run({ROOT: "d = {'k': [1]}\nf(d['k'], missing)", "f(d['k'], missing)": "names = 1"})
    played.to_end()
    assert played.executor.variables.defined_names() == {"instruction", "observation", "d", "names"}


def test_long_values_are_shortened_in_the_prompt_with_their_length(make_run: MakeRun) -> None:
    played = make_run(
        {ROOT: "big = 'x' * 100_000\nmany = [1] * 100_000\nf(big, many)", "f(big, many)": "pass"}
    )
    played.to_end()
    text = played.scripted.requests[1].messages[-1].content
    assert len(text) < 6000
    assert text.count("shortened from 100000 characters") >= 1
    assert [v.length for v in played.scripted.requests[1].variables] == [100_000, 100_000]


# Generated code runs with exec in the agent's own process.


@pytest.mark.parametrize(
    "code",
    ["while True: pass", "x = [0 for i in iter(int, 1)]", "x = 'a' * 10**10", "x = sum(range(10**12))"],
)
def test_a_bomb_costs_its_statement_and_no_more(make_run: MakeRun, code: str) -> None:
    sandbox = SandboxLimits(seconds=0.2, memory_mb=64)
    played = make_run(
        {ROOT: ["keep = 1\n" + code, "run('win')"]}, ScriptedWorld({"win": WON}), sandbox=sandbox
    )
    assert played.to_end().outcome == "solved"


@pytest.mark.parametrize(
    "code", ["import os\nos.system('true')", "__import__('os').system('true')", "open('/etc/passwd').read()"]
)
def test_the_system_is_out_of_reach(make_run: MakeRun, code: str) -> None:
    played = make_run({ROOT: [code, "x = 1"]})
    assert played.to_end().outcome == "finished"
    refused, failed = played.events(ExpansionRefused), played.events(StatementFailed)
    assert len(refused) + len(failed) == 1


# It replaces sys.stdout for the whole process, so concurrent episodes mix their output and block each other.


def test_concurrent_episodes_keep_their_output_apart_and_leave_that_of_the_process_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stdout = sys.stdout
    printed: dict[str, str] = {}

    def episode(name: str) -> None:
        with RunHarness(f"for i in range(50):\n    print('{name}', i)\n    run('a')") as played:
            played.to_end()
            printed[name] = "".join(event.text for event in played.events(Printed))

    threads = [threading.Thread(target=episode, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert printed == {name: "".join(f"{name} {i}\n" for i in range(50)) for name in ("one", "two", "three")}
    assert sys.stdout is stdout
    assert capsys.readouterr() == ("", "")


class _Waiting(Scripted):
    """A model that answers when it is allowed to."""

    def __init__(self, allowed: threading.Event, asked: threading.Event) -> None:
        super().__init__(["<think>a</think><execute>x = 1</execute>"])
        self._allowed, self._asked = allowed, asked

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        self._asked.set()
        assert self._allowed.wait(timeout=PATIENCE)
        return super().expand(request, stream)


def test_an_episode_that_waits_for_its_model_blocks_no_other() -> None:
    allowed, asked = threading.Event(), threading.Event()
    ends: list[str] = []

    def slow() -> None:
        with RunHarness(policy=_Waiting(allowed, asked)) as played:
            ends.append(played.to_end().outcome)

    thread = threading.Thread(target=slow)
    thread.start()
    assert asked.wait(timeout=PATIENCE)
    with RunHarness("x = run('a')") as quick:
        assert quick.to_end().outcome == "finished"
    assert ends == []
    allowed.set()
    thread.join()
    assert ends == ["finished"]


# A `[Buy Now]` in an observation, or an escape sequence, reaches the terminal as markup or control codes.

HOSTILE = "[Buy Now] [red]x[/red] [/] \x1b[31mred\x1b]0;title\x07 \x9b1m \u202e end"


def test_an_observation_is_kept_in_the_record_as_it_came(make_run: MakeRun) -> None:
    played = make_run("x = run('look')", ScriptedWorld([HOSTILE]))
    played.to_end()
    assert played.events(ActionFinished)[0].observation.text == HOSTILE
    assert played.events(StatementFailed) == []
    (shown,) = played.interpreter.variables(["x"])
    assert isinstance(shown, Variable)
    assert shown.value.startswith("'[Buy Now] [red]x[/red]")


def test_an_observation_reaches_the_prompt_without_control_codes(make_run: MakeRun) -> None:
    played = make_run({ROOT: "x = run('look')\nf(x)", "f(x)": "pass"}, ScriptedWorld([HOSTILE]))
    played.to_end()
    text = played.scripted.requests[1].messages[-1].content
    assert "[Buy Now] [red]x[/red]" in text
    assert not any(code in text for code in "\x1b\x07\x9b\u202e")


def test_what_came_from_outside_is_drawn_as_plain_text(
    make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    played = make_run(f"find({HOSTILE!r})".replace("\\x1b", "\x1b"), limits=Limits(repairs=0))
    with pytest.raises(PolicyUnavailable):
        played.to_end()
    console().print(outline(Timeline(played.log.records).end))
    drawn = capsys.readouterr().out
    assert "[Buy Now] [red]x[/red] [/]" in drawn
    assert not any(code in drawn for code in "\x1b\x07\x9b\u202e")
