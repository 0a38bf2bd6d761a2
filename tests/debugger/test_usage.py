"""What is refused of what a user types, in words that say what to type instead; and answers to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.debugger import opening
from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.console import Console
from recode_core.errors import RecodeError
from recode_core.session import Settings

PUT = ["break placeholder put_object", "continue", "delete 1"]
"""To record 78, before the second policy call of the run; `0` has nine statements, `0.7` ran."""


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    with opening.start(Settings("household", "put:7"), tmp_path / "run.jsonl") as opened:
        yield Console(opened.debugger)


def said(console: Console, *lines: str) -> list[str]:
    """What the last of some commands says."""
    output: list[str] = []
    for line in lines:
        output = list(console.run(line))
    return output


NEVER = [
    ("break budget foo>1", "takes steps, calls, tokens or cost_usd with a comparison, .* not 'foo>1'"),
    ("break score calls>1", "takes a comparison, such as >=0.5, not 'calls>1'"),
    ("break status solved", "takes done, failed, skipped, refused or reused, not 'solved'"),
    ("break status p*", "not 'p\\*'"),
    ("break variable a.b", "takes a name, when it changes, not 'a.b'"),
    ("break depth two", "takes a number of open expansions, not 'two'"),
    ("break before-model put_object", "takes no pattern, not 'put_object'"),
    ("break action * after x", "a whole number must follow after, not x; quote a pattern"),
    ("break action * after -1", "a whole number must follow after, not -1"),
    ("break action go* after", "a whole number must follow after, not nothing"),
    ("break action * if", "an expression must follow if"),
    ("break action 'go *", "the quote that .* begins with is not closed"),
    ('break action "go *" twice', "if EXPR, after N, log or once can follow the pattern, not 'twice'"),
    ("break action * if episode.sovled", "there is no episode.sovled"),
    ("break line 0:99", "no statement begins on line 99"),
    ("watch event.tpye", "there is no event.tpye"),
]
NOWHERE = [
    ("until", "NODE or NODE:LINE must follow, not nothing"),
    ("until 0.99", "there is no node 0.99; those beside it are 0.0 to 0.8"),
    ("until 0.99.1", "there is no node 0.99; those beside it"),
    ("until 0.6.1", "0.6 is over: goto 0.6 goes back to it"),
    ("until 0:99", "no statement begins on line 99 of 0"),
    ("until 0.8:", "the number of a line of 0.8 must follow, not nothing"),
    ("until 0.8:x", "must follow, not 'x'"),
    ("until :2", "'' is no node; nodes are named like 0, 0.2 or 0.8@2.1"),
    ("until put_object", "'put_object' is no node"),
    ("until 0.7", "0.7 is over: goto 0.7 goes back to it"),
    ("until 0.7.2", "0.7.2 is over"),
    ("until 0.6:1", "0.6 is over"),
    ("goto 99999", "there is no record 99999; the last on main is 79"),
    ("goto 0.99", "nothing has been recorded at node '0.99'"),
    ("goto", "the number of a record, or a node, must follow, not nothing"),
    ('note 0.99 "x"', "there is no node '0.99' on main"),
    ("note 0.7", "there is no note at '0.7'"),
    ('note 0.8 "x', "the quote that .* begins with is not closed"),
]
MISUSED = [
    ("graft", "a candidate's number must follow, not nothing\n  usage: graft K"),
    ("graft x", "not 'x'\n  usage: graft K"),
    ("enable x", "a breakpoint's number must follow, not 'x'\n  usage: enable N"),
    ("delete " + "9" * 5000, "usage: delete N"),
    ("regenerate", "a node must follow\n  usage: regenerate NODE"),
    ("regenerate 0.8 temperature hot", "a number must follow, not 'hot'"),
    ("regenerate 0.8 temperature nan", "a temperature is a number from 0, not nan"),
    ("regenerate 0.8 temperature -5", "a temperature is a number from 0, not -5"),
    ("regenerate 0.8 candidates 0", "1 to 100 can be tried at a time, not 0"),
    ("regenerate 0.8 candidates 999999", "1 to 100 can be tried at a time, not 999999"),
    ("regenerate 0.8 candidates -2", "a number of candidates must follow, not '-2'"),
    ("regenerate 0.8 candidates 2 rollout far", "a number of actions, or end, must follow, not 'far'"),
    ("blame x", "a number of continuations for each probe must follow, not 'x'"),
    ("diff", "two branches or session files must follow, not 0\n  usage: diff A B"),
    ("edit", "a node must follow\n  usage: edit NODE"),
    ("prompt", "a node must follow, not nothing"),
    ("reply 0.8 '", "a quote is not closed"),
    ("action", 'an action must follow, in quotes\n  usage: action "…"'),
    ("observe", 'an observation must follow, in quotes\n  usage: observe "…"'),
    ("possible /[/", "/\\[/ is not a regular expression"),
    ("set", "a name, = and an expression must follow, not ''"),
    ("limit steps", "the name of a limit and its value must follow, not steps"),
    ("limit steps few", "a number must follow, not 'few'\n  usage: limit NAME VALUE"),
    ("print", "an expression must follow"),
    ("assert", "an expression must follow"),
    ("when", "an expression must follow"),
    ("watch", "an expression must follow"),
    ("print 1 +", "'1 \\+' is not an expression: invalid syntax$"),
    ("help fly", "'fly' is no command; there are .*\n  usage: help"),
    ("fly", "'fly' is no command; help explains them: "),
]
LIMITS = [
    ("limit steps -1", "the limit of steps is a whole number from 0, not -1"),
    ("limit steps 3.5", "the limit of steps is a whole number from 0, not 3.5"),
    ("limit environment steps 1.5", "the limit of environment steps is a whole number from 0, not 1.5"),
    ("limit seconds nan", "the limit of seconds is a number from 0, not nan"),
    ("limit cost_usd inf", "the limit of cost_usd is a number from 0, not inf"),
    ("limit depth 0", "the limit of depth is a whole number from 1, not 0"),
    ("limit rewrites 1.5", "the limit of rewrites is a whole number from 0, not 1.5"),
    ("limit repairs none", "the limit of repairs is a whole number from 0, not none"),
    ("limit cups 3", "no limit is called 'cups'; there are depth,"),
]


@pytest.mark.parametrize(
    ("line", "error"), NEVER + NOWHERE + MISUSED + LIMITS, ids=lambda text: text[:40].replace("\n", " ")
)
def test_what_cannot_be_done_is_refused_with_what_to_write(console: Console, line: str, error: str) -> None:
    said(console, *PUT)
    before = (console.debugger.position, len(console.debugger.log))
    with pytest.raises(RecodeError, match=error):
        said(console, line)
    assert (console.debugger.position, len(console.debugger.log)) == before


@pytest.mark.parametrize(
    "line", ["until 0.8.0", "until 0.8:1", "until 0.8@2.0", "until 0.8.0.1", "until 0.8"]
)
def test_a_place_that_can_still_come_is_gone_to(console: Console, line: str) -> None:
    said(console, *PUT)
    assert said(console, line)[0].startswith("[main] record")


def test_a_line_of_an_expansion_below_a_repair_is_a_place(console: Console) -> None:
    debugger = console.debugger
    debugger.step()
    debugger.reply("0", "<execute>\n1 / 0\n</execute>")
    debugger.resume()
    debugger.step()
    debugger.reply("0", "<execute>\nx = 1\nf(x)\n</execute>")
    debugger.until("0@2.1")
    debugger.reply("0@2.1", "<execute>\ny = 1\nz = 2\n</execute>")
    debugger.until("0@2.1", 2)
    assert (debugger.where()[-1].node, debugger.where()[-1].span.line) == ("0@2.1.1", 2)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("breaks", "there are no breakpoints"),
        ("where", "nothing has been reached yet; step goes on"),
        ("vars", "there are no variables yet"),
        ("history nope", "no variable is called 'nope' on main"),
        ("when episode.solved", "episode.solved holds at no stop of main"),
    ],
)
def test_a_question_without_an_answer_says_so(console: Console, line: str, answer: str) -> None:
    assert said(console, line) == [answer]


def test_going_to_a_record_between_two_stops_says_where_that_led(console: Console) -> None:
    stop, *note = said(console, *PUT, "goto 5")
    assert stop.startswith("[main] record 4 ")
    assert note == [f"record 5 is not a stop; the last stop before it is {stop.removeprefix('[main] ')}"]


def test_going_to_a_record_of_another_branch_names_that(console: Console) -> None:
    said(console, *PUT, "goto 0.6", 'set obj = "vase"')
    with pytest.raises(RecodeError, match="record 78 is on main, not on set-1: switch main first"):
        said(console, "goto 78")


def test_a_condition_on_a_name_that_nothing_defines_yet_is_taken_and_told(console: Console) -> None:
    lines = said(console, "break action * if place == 'desk 1' and len(seen) > 1")
    assert lines[1:] == ["  not defined yet: place, seen; until it is, the condition does not hold"]
    assert len(said(console, *PUT[:2], "break action * if place == 'desk 1'")) == 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('break action "go to * after 3"', 'action "go to * after 3"'),
        ("break action go * if 'a' == \"b\" after 2 log", 'action "go *" if \'a\' == "b" after 2 log'),
        ('break action "go if *" once if x after 1', 'action "go if *" if x after 1 once'),
    ],
)
def test_quotes_keep_a_pattern_together(console: Console, line: str, shown: str) -> None:
    assert said(console, line)[0] == f"breakpoint 1: {shown}"


def test_a_text_after_a_command_that_takes_none_is_refused(console: Console) -> None:
    with pytest.raises(RecodeError, match="step takes no text between <<END and END"):
        list(console.run("step", "run('look')"))


def test_help_has_a_line_for_every_command_and_explains_each(console: Console) -> None:
    lines = said(console, "help")
    for name, command in COMMANDS.items():
        assert any(line.split()[0] == name and line.endswith(command.help) for line in lines)
        assert said(console, f"help {name}")[:2] == [command.usage, f"  {command.help}"]


def test_before_the_first_step_no_line_can_have_a_breakpoint_yet(console: Console) -> None:
    for line in ("break line 0:1", "break line 0.7:3"):
        with pytest.raises(RecodeError, match="has no expansion here; step until it has"):
            said(console, line)
