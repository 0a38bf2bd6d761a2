"""What is refused of what a user types, in words that say what to type instead; and answers to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.debugger import debug_session
from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.console import Console
from recode_core.errors import RecodeError
from recode_core.session import Settings

PUT = ["break placeholder put_object", "continue", "delete 1"]
"""To record 78, before the second policy call of the run; `0` has nine statements, `0.7` ran."""


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    with debug_session.start(Settings("household", "put:7"), tmp_path / "run.jsonl") as opened:
        yield Console(opened.debugger)


def said(console: Console, *lines: str) -> list[str]:
    """What the last of some commands says."""
    output: list[str] = []
    for line in lines:
        output = list(console.run(line))
    return output


NEVER = [
    ("break budget foo>1", "take steps, calls, tokens or cost_usd with a comparison, .* not 'foo>1'"),
    ("break score calls>1", "take a comparison, such as >=0.5, not 'calls>1'"),
    ("break status solved", "take done, failed, skipped, refused or reused, not 'solved'"),
    ("break status p*", "not 'p\\*'"),
    ("break variable a.b", "take a name, when it changes, not 'a.b'"),
    ("break depth two", "take a number of open expansions, not 'two'"),
    ("break before-model put_object", "take no pattern, not 'put_object'"),
    ("break action * after x", "expected a whole number after `after`, not x; quote a pattern"),
    ("break action * after -1", "expected a whole number after `after`, not -1"),
    ("break action go* after", "expected a whole number after `after`, not nothing"),
    ("break action * if", "expected an expression after `if`"),
    ("break action 'go *", "unterminated quote in"),
    ('break action "go *" twice', "expected if EXPR, after N, log or once after the pattern, not 'twice'"),
    ("break action * if episode.sovled", "unknown field of episode 'sovled'; did you mean 'solved'"),
    ("break line 0:99", "no statement starts on line 99"),
    ("watch event.tpye", "unknown field of event 'tpye'; did you mean 'type'"),
]
NOWHERE = [
    ("until", "expected NODE or NODE:LINE, not nothing"),
    ("until 0.99", "unknown node 0.99; its siblings are 0.0 to 0.8"),
    ("until 0.99.1", "unknown node 0.99; its siblings"),
    ("until 0.6.1", "0.6 has already run: `goto 0.6` goes back to it"),
    ("until 0:99", "no statement starts on line 99 of 0"),
    ("until 0.8:", "expected the number of a line of 0.8, not nothing"),
    ("until 0.8:x", "expected the number of a line of 0.8, not 'x'"),
    ("until :2", "'' is not a node id, such as 0, 0.2 or 0.8@2.1"),
    ("until put_object", "'put_object' is not a node id"),
    ("until 0.7", "0.7 has already run: `goto 0.7` goes back to it"),
    ("until 0.7.2", "0.7.2 has already run"),
    ("until 0.6:1", "0.6 has already run"),
    ("goto 99999", "unknown record 99999; the last one on main is 79"),
    ("goto 0.99", "no record at node '0.99'"),
    ("goto", "expected the number of a record or a node, not nothing"),
    ('note 0.99 "x"', "unknown node '0.99' on main"),
    ("note 0.7", "no note at '0.7'"),
    ('note 0.8 "x', "unterminated quote in"),
]
MISUSED = [
    ("graft", "expected a candidate's number, not nothing\n  usage: graft K"),
    ("graft x", "not 'x'\n  usage: graft K"),
    ("enable x", "expected a breakpoint's number, not 'x'\n  usage: enable N"),
    ("delete " + "9" * 5000, "usage: delete N"),
    ("regenerate", "expected a node\n  usage: regenerate NODE"),
    ("regenerate 0.8 temperature hot", "expected a number, not 'hot'"),
    ("regenerate 0.8 temperature nan", "a temperature is a number from 0, not nan"),
    ("regenerate 0.8 temperature -5", "a temperature is a number from 0, not -5"),
    ("regenerate 0.8 candidates 0", "the number of roll-outs must be from 1 to 100, not 0"),
    ("regenerate 0.8 candidates 999999", "the number of roll-outs must be from 1 to 100, not 999999"),
    ("regenerate 0.8 candidates -2", "expected a number of candidates, not '-2'"),
    ("regenerate 0.8 candidates 2 rollout far", "expected a number of actions or end, not 'far'"),
    ("blame x", "expected a number of roll-outs per probe, not 'x'"),
    ("diff", "expected two branches or session files, not 0\n  usage: diff A B"),
    ("edit", "expected a node\n  usage: edit NODE"),
    ("prompt", "expected a node, not nothing"),
    ("reply 0.8 '", "unterminated quote"),
    ("action", 'expected an action, in quotes\n  usage: action "…"'),
    ("observe", 'expected an observation, in quotes\n  usage: observe "…"'),
    ("possible /[/", "/\\[/ is not a regular expression"),
    ("set", "expected NAME = EXPR, not ''"),
    ("limit steps", "expected the name of a limit and its value, not steps"),
    ("limit steps few", "expected a number, not 'few'\n  usage: limit NAME VALUE"),
    ("print", "expected an expression"),
    ("assert", "expected an expression"),
    ("when", "expected an expression"),
    ("watch", "expected an expression"),
    ("print 1 +", "'1 \\+' is not an expression: invalid syntax$"),
    ("help fly", "unknown command 'fly' .available: .*\n  usage: help"),
    ("fly", r"unknown command 'fly' \(`help` explains them"),
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
    ("limit cups 3", r"unknown limit 'cups' \(available: depth,"),
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
        ("breaks", "no breakpoints"),
        ("where", "the run has not started; `step` starts it"),
        ("vars", "no variables yet"),
        ("history nope", "unknown variable 'nope' on main"),
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
    with pytest.raises(RecodeError, match="record 78 is on main, not on set-1: `switch main` first"):
        said(console, "goto 78")


def test_a_condition_on_a_name_that_nothing_defines_yet_is_taken_and_told(console: Console) -> None:
    lines = said(console, "break action * if place == 'desk 1' and len(seen) > 1")
    assert lines[1:] == ["  not defined yet: place, seen; the condition does not hold until then"]
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
    with pytest.raises(RecodeError, match="`step` takes no block of text between <<END and END"):
        list(console.run("step", "run('look')"))


def test_help_has_a_line_for_every_command_and_explains_each(console: Console) -> None:
    lines = said(console, "help")
    for name, command in COMMANDS.items():
        assert any(line.split()[0] == name and line.endswith(command.help) for line in lines)
        assert said(console, f"help {name}")[:2] == [command.usage, f"  {command.help}"]


def test_before_the_first_step_no_line_can_have_a_breakpoint_yet(console: Console) -> None:
    for line in ("break line 0:1", "break line 0.7:3"):
        with pytest.raises(RecodeError, match="has no expansion yet; `step` until it has"):
            said(console, line)
