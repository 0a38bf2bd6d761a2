"""Where a re-execution leaves its recording: the record is named, and what differs is told in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import Diverged
from recode_core.events import ActionFinished, Event, ExpansionReplied, StatementFailed
from recode_core.executor import Limits
from recode_core.executor.divergence import divergence
from recode_core.log import Record
from recode_core.testing import ROOT, MakeRun
from recode_core.values import Observation


def changed(records: list[Record], kind: type[Event], make: Callable[..., Event]) -> tuple[list[Record], int]:
    """A recording with another event in the place of the first of a kind; and that record's number."""
    n = next(record.n for record in records if isinstance(record.event, kind))
    return [replace(r, event=make(r.event)) if r.n == n else r for r in records], n


def first(records: list[Record], kind: type[Event]) -> Event:
    return next(record.event for record in records if isinstance(record.event, kind))


def repeated(make_run: MakeRun, records: list[Record], *answers: str) -> Diverged:
    with pytest.raises(Diverged) as caught:
        make_run(world=ScriptedWorld(answers), recorded=records, limits=Limits(repairs=0)).executor.repeat()
    return caught.value


@pytest.fixture
def records(make_run: MakeRun) -> list[Record]:
    played = make_run({ROOT: "x = run('go')\n1 / 0"}, ScriptedWorld(["a hall"]), limits=Limits(repairs=0))
    played.to_end()
    return played.log.records


def test_another_observation_is_told_by_its_text_and_the_number_of_its_record(
    make_run: MakeRun, records: list[Record]
) -> None:
    n = next(record.n for record in records if isinstance(record.event, ActionFinished))
    found = repeated(make_run, records, "a wall")
    assert (found.at, found.recorded, found.actual) == (n, "a hall", "a wall")
    assert str(found).startswith(f"the run differs from its recording at record {n}\n")


def test_texts_that_were_stored_before_it_do_not_shift_the_number(
    make_run: MakeRun, records: list[Record]
) -> None:
    assert len([r for r in records if type(r.event).__name__ == "TextStored"]) > 0
    other, n = changed(
        records, StatementFailed, lambda event: replace(event, failure=replace(event.failure, message="no"))
    )
    found = repeated(make_run, other, "a hall")
    assert found.at == n
    assert found.recorded == "statement failed at 0.1: failure.message 'no'"
    assert found.actual == "statement failed at 0.1: failure.message 'division by zero'"


def test_an_event_of_another_kind_is_told_by_both(make_run: MakeRun, records: list[Record]) -> None:
    other, n = changed(records, StatementFailed, lambda event: first(records, ExpansionReplied))
    found = repeated(make_run, other, "a hall")
    assert found.at == n
    assert found.recorded.startswith("expansion replied at 0: ")
    assert found.actual.startswith("statement failed at 0.1: failure.type 'ZeroDivisionError'")


def test_an_input_that_is_not_there_is_told(make_run: MakeRun, records: list[Record]) -> None:
    other, n = changed(records, ActionFinished, lambda event: first(records, StatementFailed))
    found = repeated(make_run, other, "a hall")
    assert (found.at, found.actual) == (n, "expected ActionFinished")


def test_an_observation_that_differs_in_its_score_is_told_by_that() -> None:
    found = divergence(7, Observation("a hall", score=0.5), Observation("a hall", score=0.25))
    assert (found.recorded, found.actual) == ("observation: score 0.5", "observation: score 0.25")


def test_of_long_observations_only_the_lines_that_differ_are_told() -> None:
    room = "You see:\n\ta {cup}\n\ta table\nDoors: one"
    told = divergence(3, Observation(room.format(cup="red cup")), Observation(room.format(cup="blue cup")))
    assert (told.recorded, told.actual) == ("a red cup", "a blue cup")
    longer = divergence(3, Observation("a\nb"), Observation("a\nb\nc"))
    assert (longer.recorded, longer.actual) == ("", "c")
    spaces = divergence(3, Observation("a\nb"), Observation("a\n b"))
    assert (spaces.recorded, spaces.actual) == ("a\nb", "a\n b")
