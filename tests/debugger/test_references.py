"""Rendered lines know which records, nodes and branches they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recode_core.debugger import debug_session, render
from recode_core.debugger.commands import parse
from recode_core.debugger.debug_session import DebugSession
from recode_core.debugger.references import ReferencingText, join, node, record

SAMPLES = Path(__file__).parents[2] / "sessions"


@pytest.fixture(scope="module")
def session() -> Iterator[DebugSession]:
    with debug_session.open_readonly(SAMPLES / "household-mended.jsonl") as opened:
        yield opened


def named(session: DebugSession, line: str) -> list[list[tuple[str, str]]]:
    """The references of each line of an answer, which must be what the line says there."""
    found: list[list[tuple[str, str]]] = []
    for text in render.outcome(session.debugger.execute(parse(line))):
        references = text.references if isinstance(text, ReferencingText) else ()
        for each in references:
            assert text[each.start : each.end] == ("record " if each.kind == "record" else "") + each.target
        found.append([(each.kind, each.target) for each in references])
    return found


def test_the_parts_of_a_line_keep_their_references() -> None:
    line = join("at ", join(record(12), " · "), node("0.3"), " twice")
    assert line == "at record 12 · 0.3 twice"
    assert [line[each.start : each.end] for each in line.references] == ["record 12", "0.3"]


def test_a_stop_names_its_branch_record_and_node(session: DebugSession) -> None:
    (kinds,) = named(session, "goto 0.1")
    assert [kind for kind, _ in kinds] == ["branch", "record", "node"]
    assert kinds[2] == ("node", "0.1")


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("history locations", {"record", "node"}),
        ("when len(locations) > 0", {"record", "node"}),
        ("origin locations", {"record", "node"}),
        ("where", {"node"}),
        ("branches", {"branch", "record"}),
        ("undo list", {"branch", "node", "record"}),
    ],
)
def test_answers_name_what_can_be_followed(session: DebugSession, line: str, kinds: set[str]) -> None:
    session.debugger.goto("0.8")
    assert {kind for each in named(session, line) for kind, _ in each} == kinds


def test_a_value_that_looks_like_a_node_is_none(session: DebugSession) -> None:
    assert named(session, "print '0.8 on main, record 12'") == [[]]


def test_a_difference_names_nodes_on_their_branches(session: DebugSession) -> None:
    left, right, *_ = session.debugger.log.branches
    answer = session.debugger.execute(parse(f"diff {left} {right}"))
    lines = [text for text in render.outcome(answer) if isinstance(text, ReferencingText)]
    branches = {each.branch for text in lines for each in text.references if each.kind == "node"}
    assert branches and branches <= {left, right}


def test_another_session_has_nothing_to_follow(session: DebugSession) -> None:
    other = SAMPLES / "household-puttwo.jsonl"
    answer = session.debugger.execute(parse(f"diff main {other}"))
    lines = [text for text in render.outcome(answer) if isinstance(text, ReferencingText)]
    assert {each.branch for text in lines for each in text.references if each.kind == "node"} <= {"main"}
    assert not any(
        each.kind == "record" for text in lines if text.startswith("  + ") for each in text.references
    )
