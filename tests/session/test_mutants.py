"""Whatever stands in a session file: it is read up to the damage, or an error says what is wrong."""

from __future__ import annotations

import contextlib
import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from recode_core import graph
from recode_core.debugger import debug_session
from recode_core.debugger.render import branches
from recode_core.errors import RecodeError
from recode_core.export.page import page
from recode_core.export.pairs import TrainingExpansions
from recode_core.report.csv_table import to_csv
from recode_core.report.page import to_html
from recode_core.report.runs import gather
from recode_core.report.summary import report_of
from recode_core.session import Session, read
from recode_core.session.catalog import entry_of, load_result
from recode_tui.cli.report import report
from recode_tui.cli.sessions import sessions
from recode_tui.cli.show import show
from tests.session.mutants import mutant

SAMPLES = Path(__file__).parents[2] / "sessions"
RECORDED = [
    (SAMPLES / name).read_bytes().splitlines()
    for name in ("household-mended.jsonl", "household-puttwo.jsonl", "webshop-flavour.jsonl")
]


def exercise(path: Path, looks: Sequence[Callable[[Session], object]]) -> str:
    """Do with a file what commands do; what it is."""
    try:
        session = read(path)
    except RecodeError as error:
        assert str(path) in str(error)
        return "refused"
    finally:
        _listed(path)
    whole = path.read_bytes()[: session.size]
    assert whole.endswith(b"\n")
    assert len([line for line in whole.splitlines() if line.strip()]) == 1 + len(session.records)
    if session.damage:
        assert f"is damaged in {session.damage}" in session.notice
    for look in looks:
        look(session)
    return "recovered" if session.damage else "whole"


def _listed(path: Path) -> None:
    load_result(entry_of(path))
    made = report_of(gather([path]))
    to_html(made)
    to_csv(made.collection)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        sessions(path.parent)
        report([path])
    assert out.getvalue()


def _graphs(session: Session) -> None:
    made = graph.to_graph(session.log())
    graph.to_json(made)
    ElementTree.fromstring(graph.to_graphml(made).encode())


def _pairs(session: Session) -> None:
    TrainingExpansions(session.timeline()).pairs(session.log())


def _shown(session: Session) -> None:
    for branch in list(session.log().branches)[:5]:
        list(branches(session.log(), branch))
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            show(session.path, branch)


def _recording(session: Session) -> None:
    """A recording is opened to be looked at, and moved through."""
    with (
        contextlib.suppress(RecodeError),
        debug_session.open_readonly(session.path) as opened,
    ):  # of an unknown agent, say
        line = opened.debugger.timeline
        for rest in line.stops[:: max(1, len(line.stops) // 5)]:
            line.text_at(rest)


LOOKS = (_graphs, page, _pairs, _shown, _recording)


def tried(folder: Path, seeds: range) -> dict[str, int]:
    """How many mutants were whole, recovered and refused."""
    found = {"whole": 0, "recovered": 0, "refused": 0}
    path = folder / "mutant.jsonl"
    for seed in seeds:
        path.write_bytes(mutant(RECORDED[seed % len(RECORDED)], seed))
        try:
            found[exercise(path, (LOOKS[seed % len(LOOKS)],))] += 1
        except BaseException as error:
            error.add_note(f"mutant {seed}")
            raise
    return found


@pytest.mark.parametrize("count", [200, pytest.param(4000, marks=pytest.mark.slow)])
def test_mutants_are_read_up_to_the_damage_or_refused(tmp_path: Path, count: int) -> None:
    found = tried(tmp_path, range(count))
    assert found["recovered"] > count / 4 and found["refused"] and found["whole"]
