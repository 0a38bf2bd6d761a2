"""Law 1: rebuilt from its first k records, a run goes on to the same records, and asks for nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from recode_core.errors import Diverged, PolicyUnavailable
from recode_core.events import ActionFinished, Event, ExpansionReplied, WorldReset
from recode_core.executor import Limits
from recode_core.interpreter import SandboxLimits
from recode_core.log import Record
from recode_core.policies.recorded import Recorded
from recode_core.session import Settings, Writer, new_header, read
from recode_core.testing import RunHarness
from tests.support.recorded_world import RecordedWorld

Begin = Callable[..., "RunHarness"]
Recording = Callable[[str], list[Record]]

POINTS = 30
"""At most this many k of a recording; a short one is cut after every record."""


def _timeless(records: Sequence[Record]) -> list[Event]:
    """The events without their durations."""
    timed = (ActionFinished, ExpansionReplied)
    return [replace(r.event, seconds=0.0) if isinstance(r.event, timed) else r.event for r in records]


def _replies(records: Sequence[Record]) -> int:
    return sum(isinstance(record.event, ExpansionReplied) for record in records)


def test_every_recording_has_what_its_name_says(recording: Recording, name: str) -> None:
    kinds = [type(record.event).__name__ for record in recording(name)]
    wanted = {
        "loops with placeholders": ["PassStarted", "ConditionEvaluated", "Printed", "ExpansionAccepted"],
        "repairs": ["StatementFailed", "ExpansionRefused"],
        "lost statements": ["StatementFailed", "ActionFinished"],
        "a limit": ["LimitReached"],
        "actions in turn": ["ExpansionRefused", "PassStarted", "ActionFinished"],
        "blocks in turn": ["ExpansionRefused", "StatementFailed", "Printed", "PassStarted"],
        "too many turns": ["LimitReached"],
        "turns refused": ["StatementFailed"],
    }
    assert kinds[-1] == "EpisodeFinished"
    assert set(wanted.get(name, [])) <= set(kinds)


@pytest.mark.slow_variants
def test_rebuilt_after_any_record_it_goes_on_to_the_same_records_without_asking_again(
    begin: Begin, recording: Recording, name: str
) -> None:
    records = recording(name)
    events = [record.event for record in records]
    for k in range(0, len(records) + 1, max(1, len(records) // POINTS)):
        policy = Recorded(events, taken=_replies(records[:k]))
        with begin(name, recorded=records[:k], policy=policy, world=RecordedWorld(events)) as again:
            again.to_end()
            assert _timeless(again.log.records) == _timeless(records), f"k = {k}"
            assert policy.taken == _replies(records)
            assert again.run.recorder.reworded == []


def test_a_whole_recording_needs_no_world(begin: Begin, recording: Recording, name: str) -> None:
    records = recording(name)
    with begin(name, recorded=records, policy=Recorded(())) as again:
        again.run.world = None
        again.to_end()
        assert again.log.records == records


@pytest.mark.slow_variants
@pytest.mark.parametrize("task", ["heat:5", "put:3 by react", "heat:5 by codeact"])
def test_rebuilt_in_the_same_environment_it_goes_on_to_the_same_records(
    begin: Begin, recording: Recording, task: str
) -> None:
    records = recording(task)
    for k in range(0, len(records), 7):
        with begin(task, recorded=records[:k]) as again:
            again.to_end()
            assert _timeless(again.log.records) == _timeless(records)


def test_a_rerun_has_the_same_variables_at_its_end(begin: Begin, recording: Recording, name: str) -> None:
    with begin(name) as once, begin(name, recorded=recording(name), policy=Recorded(())) as again:
        once.to_end()
        again.to_end()
        if not once.interpreter.suspended:
            assert again.values() == once.values()


def test_a_loop_that_ran_out_of_time_is_repeated_as_it_was_recorded() -> None:
    sandbox = SandboxLimits(seconds=0.1)
    with RunHarness("while True: pass", sandbox=sandbox, limits=Limits(repairs=0)) as once:
        once.to_end()
    records = once.log.records
    for speed in (100.0, 0.01):
        sandbox = SandboxLimits(seconds=speed)
        with RunHarness(
            recorded=records, policy=Recorded(()), sandbox=sandbox, limits=Limits(repairs=0)
        ) as again:
            again.to_end()
            assert again.log.records == records


def test_another_observation_on_the_way_is_a_divergence(begin: Begin, recording: Recording) -> None:
    records = recording("put:3")
    at = [n for n, record in enumerate(records) if isinstance(record.event, ActionFinished)][3]
    changed = [*records]
    event = records[at].event
    assert isinstance(event, ActionFinished)
    other = replace(event, observation=replace(event.observation, text="Something else."))
    changed[at] = replace(records[at], event=other)
    with begin("put:3", recorded=changed[: at + 1]) as again, pytest.raises(Diverged) as caught:
        again.to_end()
    assert (caught.value.recorded, caught.value.actual) == ("Something else.", event.observation.text)


def test_another_first_observation_is_a_divergence(begin: Begin, recording: Recording) -> None:
    records = recording("repairs")
    world = RecordedWorld([WorldReset("do it.", replace(records[0].event.observation, text="Elsewhere."))])  # type: ignore[union-attr]
    with begin("repairs", recorded=records, world=world) as again, pytest.raises(Diverged, match="Elsewhere"):
        again.to_end()


def test_a_recorded_world_and_policy_refuse_what_they_were_never_asked(
    begin: Begin, recording: Recording
) -> None:
    events = [record.event for record in recording("repairs")]
    with begin("loops with placeholders", world=RecordedWorld(events)) as other, pytest.raises(Diverged):
        other.to_end()
    with begin("repairs", policy=Recorded(events, taken=1)) as other, pytest.raises(Diverged):
        other.to_end()
    with begin("repairs", policy=Recorded(events[:3])) as other, pytest.raises(PolicyUnavailable):
        other.to_end()


def test_what_a_run_writes_is_read_whole(tmp_path: Path, recording: Recording, name: str) -> None:
    writer = Writer.create(tmp_path / "a.jsonl", new_header("a", Settings("scripted", "any")))
    records = recording(name)
    for record in records:
        writer.write(record)
    writer.close()
    session = read(tmp_path / "a.jsonl")
    assert (session.damage, session.records) == ("", records)
