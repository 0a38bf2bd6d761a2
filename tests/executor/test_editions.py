"""A session is executed again in the edition that it was recorded with."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from recode_core.agents.recode import ReCode
from recode_core.environments.scripted import GUIDE, ScriptedWorld
from recode_core.errors import Diverged
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.executor.run_state import AtEnd
from recode_core.interpreter import Interpreter
from recode_core.log import Log, Record
from recode_core.session import Header, Settings, new_header
from recode_core.statements import EDITION
from recode_core.testing import scripted_policy

CODE = "gone = 1\ndel gone\nx = next((p for p in ('a', 'b') if 'obs' in run(p)), None)"


def _run(edition: int, recorded: list[Record] | None = None) -> tuple[list[Record], list[str]]:
    """Execute to the end, or repeat what is recorded; the records and the actions that the world saw."""
    world, log = ScriptedWorld(("obs 1", "obs 2")), Log(recorded or ())
    recorder = Recorder(log, recorded) if recorded else Recorder(log)
    agent, interpreter = ReCode(GUIDE, edition), Interpreter()
    run = Run(recorder, agent, scripted_policy(CODE), interpreter, world, "replay", Limits(repairs=0), 80)
    with closing(run):
        executor = Executor(run)
        if recorded:
            executor.repeat()
        else:
            while not isinstance(executor.state, AtEnd):
                executor.advance()
        return list(log.records), world.actions


def test_a_generator_of_the_first_edition_acts_for_every_item_when_it_is_repeated() -> None:
    records, actions = _run(1)
    assert actions == ["a", "b"]
    again, repeated = _run(1, records)
    assert (len(again), repeated) == (len(records), ["a", "b"])


def test_a_generator_of_this_edition_stops_at_the_first_match_when_it_is_repeated() -> None:
    records, actions = _run(EDITION)
    assert actions == ["a"]
    assert _run(EDITION, records)[1] == ["a"]


def test_a_recording_of_the_first_edition_diverges_in_the_second() -> None:
    records, _ = _run(1)
    with pytest.raises(Diverged):
        _run(2, records)


def test_a_header_without_an_edition_has_the_first_and_a_new_one_the_latest() -> None:
    header = new_header("a-run", Settings("household", "put:7"))
    assert header.edition == EDITION
    written = msgspec.json.decode(msgspec.json.encode(header))
    del written["edition"]
    assert msgspec.convert(written, Header).edition == 1
