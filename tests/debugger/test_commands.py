"""A command is parsed from what it is formatted as, whatever texts are in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recode_core.debugger import render
from recode_core.debugger.commands import (
    COMMANDS,
    AddBreakpoint,
    Back,
    BadCommand,
    Command,
    EditCode,
    EditPrompt,
    EditReply,
    FindBlame,
    GoTo,
    Graft,
    Note,
    Observe,
    Possible,
    Regenerate,
    ReplaceAction,
    Retry,
    SetLimit,
    SetReuse,
    SetVariable,
    UsePrompts,
    parse,
)
from recode_core.debugger.commands.queries import DiffBranches, ListVariables
from recode_core.debugger.outcomes import ExpressionValue, StopReached, VariablesListed
from recode_core.executor.limits import LIMITS
from recode_core.testing import expert_wiring
from recode_core.values import Message

SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(SIGNS, max_size=30) | st.sampled_from(
    ["", "a b", "'", '"', "it's", 'say "x"', "two\nlines", "a if b", "after 3", "log", "once", "<<END", "\\"]
)
WORD = TEXT.filter(bool)
PLAIN = TEXT.filter(lambda text: bool(text) and text == text.strip())
"""An expression stands in a line as it is."""
NODE = st.sampled_from(["0", "0.7", "0.8@2.1", "0.3#2.0", "0#1.0"])
MESSAGE = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), TEXT)
NUMBER = st.integers(0, 999_999_999)
REAL = st.floats(allow_nan=False)
PATTERN = PLAIN | st.just("")


def values() -> dict[type[Command], st.SearchStrategy[Command]]:
    """Commands of every kind."""
    kinds = list(get_args(Command))
    found: dict[type[Command], st.SearchStrategy[Command]] = {
        kind: st.builds(kind) for kind in kinds if not kind.__struct_fields__
    }
    for kind in kinds:
        match kind.__struct_fields__:
            case ("expression",):
                found[kind] = st.builds(kind, PLAIN)
            case ("variable" | "branch" | "path",):
                found[kind] = st.builds(kind, WORD)
            case ("is_list",):
                found[kind] = st.builds(kind, st.booleans())
            case ("number",):
                found[kind] = st.builds(kind, NUMBER)
            case ("node", "line"):
                found[kind] = st.builds(kind, NODE, st.none() | NUMBER)
    return found | {
        AddBreakpoint: st.builds(
            AddBreakpoint,
            st.sampled_from(["action", "line"]),
            PATTERN,
            PATTERN,
            NUMBER,
            st.booleans(),
            st.booleans(),
        ),
        Back: st.builds(Back, st.sampled_from(["step", "next", "continue"])),
        EditCode: st.builds(EditCode, NODE, TEXT, st.booleans()),
        FindBlame: st.builds(FindBlame, NUMBER),
        GoTo: st.builds(GoTo, NODE | NUMBER),
        Graft: st.builds(Graft, NUMBER),
        Note: st.builds(Note, NODE, TEXT),
        Observe: st.builds(Observe, TEXT),
        Possible: st.builds(Possible, WORD),
        EditPrompt: st.builds(EditPrompt, NODE, st.none() | TEXT)
        | st.builds(EditPrompt, NODE, st.none(), st.lists(MESSAGE, min_size=1).map(tuple)),
        Regenerate: st.builds(Regenerate, NODE, TEXT, TEXT, st.none() | st.floats(0, 2))
        | st.builds(
            Regenerate, NODE, TEXT, TEXT, st.none() | st.floats(0, 2), NUMBER, NUMBER | st.just("end")
        ),
        ReplaceAction: st.builds(ReplaceAction, TEXT),
        EditReply: st.builds(EditReply, NODE, TEXT),
        Retry: st.builds(Retry, NODE | st.just("")),
        SetLimit: st.builds(SetLimit, st.sampled_from(LIMITS), st.none() | REAL),
        SetReuse: st.builds(SetReuse, st.booleans()),
        SetVariable: st.builds(SetVariable, st.sampled_from(["x", "obj_ID"]), PLAIN),
        UsePrompts: st.builds(UsePrompts) | st.builds(UsePrompts, WORD, NODE | st.just(""), st.booleans()),
        DiffBranches: st.builds(DiffBranches, WORD, WORD),
        COMMANDS["help"]: st.builds(COMMANDS["help"], TEXT),
    }


KINDS = values()


def test_every_command_is_tried() -> None:
    assert KINDS.keys() == set(COMMANDS.values())


@settings(max_examples=1500)
@given(st.one_of(*KINDS.values()))
def test_parse_is_the_inverse_of_format(command: Command) -> None:
    line = command.format()
    assert line.text.split()[0] == command.name()
    assert parse(line.text, line.block) == command


@settings(max_examples=500)
@given(st.one_of(*KINDS.values()), st.sampled_from(["\t", " \t ", "\t\t"]))
def test_tabs_separate_words_as_spaces_do(command: Command, between: str) -> None:
    line = command.format()
    name, space, rest = line.text.partition(" ")
    assert parse(f"{between}{name}{between if space else ''}{rest}{between}", line.block) == command


@pytest.mark.parametrize(
    ("tabbed", "spaced"),
    [
        ("break\taction\tgo*\tif\tx\tafter\t2\tlog", "break action go* if x after 2 log"),
        ('note\t0.1\t"a\tb"', 'note 0.1 "a\tb"'),
        ("limit\tenvironment steps\tnone", "limit environment steps none"),
        ("regenerate\t0.1\thint\t'be\tquick'", "regenerate 0.1 hint 'be\tquick'"),
        ("set\tx\t=\t1", "set x = 1"),
        ("back\tnext", "back next"),
        ("diff\tmain\tedit-1", "diff main edit-1"),
    ],
)
def test_tabs_separate_arguments_outside_quotes(tabbed: str, spaced: str) -> None:
    assert parse(tabbed) == parse(spaced)


@pytest.mark.parametrize(
    "line", ["", "fly", "step on", "edit 0.1", "goto", "break action a after", "limit x"]
)
def test_a_line_that_is_no_command_says_how_to_write_one(line: str) -> None:
    with pytest.raises(BadCommand, match=r"usage|`help` explains"):
        parse(line)


def test_what_is_executed_is_a_value_and_text_is_made_of_it() -> None:
    debugger = expert_wiring("put:7", restoration="replay").debugger()
    run: Callable[[str], object] = lambda line: debugger.execute(parse(line))  # noqa: E731
    arrived = run("step")
    assert isinstance(arrived, StopReached) and arrived.stop.kind == "model"
    assert [*render.outcome(arrived)] == [
        "[main] record 3 · before the model · 0 · solve(instruction, observation)"
    ]
    assert run("print 1 + 1") == ExpressionValue("2")
    shown = debugger.execute(ListVariables())
    assert isinstance(shown, VariablesListed) and shown.variables[0].name == "instruction"
    debugger.close()
