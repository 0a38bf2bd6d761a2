"""Every text that reaches log, prompt or code is under a limit, and says how long it was."""

from __future__ import annotations

import msgspec
import pytest

from recode_core.environments.scripted import ScriptedWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import (
    ActionFinished,
    ActionReached,
    CallFailed,
    EpisodeFinished,
    ExpansionReplied,
    ExpansionRequested,
    Printed,
    StatementFailed,
    StatementFinished,
    TextStored,
    WorldFailed,
    WorldReset,
)
from recode_core.executor import Limits
from recode_core.executor.run_state import AtAction
from recode_core.log import Record
from recode_core.policies.recorded import Recorded
from recode_core.policies.scripted import Scripted
from recode_core.testing import MakeRun, RunHarness
from recode_core.values import (
    ACTION_LIMIT,
    FAILURE_LIMIT,
    MESSAGE_LIMIT,
    OBSERVATION_LIMIT,
    PRINTED_LIMIT,
    Observation,
    Variable,
    shortened,
)

LONG = "o" * 3_000_000
ONCE = Limits(repairs=0)


def _world() -> ScriptedWorld:
    return ScriptedWorld({"look": Observation(LONG)})


@pytest.mark.parametrize("length", [0, 99, 100, 101, 5000])
def test_a_text_is_shortened_once_only(length: int) -> None:
    short = shortened("x" * length, 100)
    assert len(short) == min(length, 100)
    assert shortened(short, 100) == short
    assert (f"({length:,} characters in all)" in short) == (length > 100)


def test_the_code_sees_an_observation_as_the_log_has_it(make_run: MakeRun) -> None:
    played = make_run("x = run('look')\nn = (len(x), x[-31:])", _world())
    assert played.to_end().outcome == "finished"
    (finished,) = played.events(ActionFinished)
    end = "… (3,000,000 characters in all)"
    assert (len(finished.observation.text), finished.observation.text[-31:]) == (OBSERVATION_LIMIT, end)
    assert played.values()["n"] == repr((OBSERVATION_LIMIT, end))


def test_what_the_world_says_first_is_shortened(make_run: MakeRun) -> None:
    played = make_run("n = (len(instruction), len(observation))", ScriptedWorld(instruction=LONG, first=LONG))
    played.to_end()
    (reset,) = played.events(WorldReset)
    assert len(reset.instruction) == len(reset.observation.text) == OBSERVATION_LIMIT
    assert played.values()["n"] == repr((OBSERVATION_LIMIT, OBSERVATION_LIMIT))
    assert max(len(stored.text) for stored in played.events(TextStored)) < OBSERVATION_LIMIT


@pytest.mark.parametrize(
    "code",
    ["raise ValueError('x' * 5_000_000)", "assert False, 'y' * 5_000_000", "f = {}\nf['k' * 5_000_000]"],
)
def test_a_message_is_short_in_log_and_prompt(make_run: MakeRun, code: str) -> None:
    played = make_run({"solve(instruction, observation)": [code, "pass"]})
    played.to_end()
    (failed,) = played.events(StatementFailed)
    assert len(failed.failure.message) == MESSAGE_LIMIT
    assert "characters in all)" in failed.failure.message
    assert len(failed.failure.traceback) <= FAILURE_LIMIT
    repair = played.events(ExpansionRequested)[-1]
    prompt = sum(len(played.log.load(ref).content) for ref in repair.messages[1:])
    assert prompt < 2 * FAILURE_LIMIT
    assert sum(len(msgspec.json.encode(record)) for record in played.log.records) < 50_000


def test_a_message_around_a_message_still_says_how_long_it_was(make_run: MakeRun) -> None:
    played = make_run("raise ValueError('x' * 5_000_000)", limits=ONCE)
    assert "(5,000,000 characters in all)" in played.to_end().detail


def test_a_print_is_short_in_the_log(make_run: MakeRun) -> None:
    played = make_run("for i in range(3):\n    print('x' * 1_000_000)")
    assert played.to_end().outcome == "finished"
    assert [len(printed.text) for printed in played.events(Printed)] == [PRINTED_LIMIT] * 3


@pytest.mark.parametrize(
    "code", ["run('a' * 5_000_000)", "x = 'a' * 5_000_000\nrun(x)", "x = [run('a' * 5_000_000)]"]
)
def test_an_action_that_is_too_long_is_an_error_of_its_call(make_run: MakeRun, code: str) -> None:
    played = make_run(code, limits=ONCE)
    played.to_end()
    (failed,) = played.events(StatementFailed)[:1]
    assert failed.failure.type == "ValueError"
    assert f"at most {ACTION_LIMIT:,} characters, not 5,000,000" in failed.failure.message
    assert not played.events(ActionReached)


def test_a_reply_that_is_too_long_counts_as_cut(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recode_core.policies.guard.REPLY_LIMIT", 1000)
    reply = "<execute>\npass\n" + "# x\n" * 1000 + "</execute>"
    played = make_run(policy=Scripted([reply] * 9), limits=Limits(rewrites=1))
    played.to_end()
    replied = played.events(ExpansionReplied)[0]
    assert (len(replied.text), replied.finish) == (1000, "cut")
    assert replied.why == "It is longer than 1,000 characters."


class _Gone(ScriptedWorld):
    def step(self, action: str) -> Observation:
        raise EnvironmentUnavailable("gone " * 100_000)


def test_what_a_failed_world_says_is_short(make_run: MakeRun) -> None:
    played = make_run("run('look')", _Gone())
    played.until(AtAction)
    with pytest.raises(EnvironmentUnavailable):
        played.executor.advance()
    (failed,) = played.events(WorldFailed)
    assert len(failed.message) == MESSAGE_LIMIT
    assert not played.events(CallFailed)


def _in_full(record: Record) -> Record:
    """The record as it was written before texts had limits."""
    match record.event:
        case Printed() as event:
            event = msgspec.structs.replace(event, text="p" * 30_000 + "\n")
        case StatementFailed() as event:
            message = event.failure.message.partition("… (")[0] + "x" * 10_000
            failure = msgspec.structs.replace(event.failure, message=message, traceback=message)
            event = msgspec.structs.replace(event, failure=failure)
        case EpisodeFinished() as event:
            event = msgspec.structs.replace(event, detail=event.detail.partition("… (")[0] + "x" * 10_000)
        case StatementFinished(changed=(Variable(name="x") as x,)) as event:
            event = msgspec.structs.replace(event, changed=(msgspec.structs.replace(x, length=len(LONG)),))
        case ActionFinished() as event:
            event = msgspec.structs.replace(event, observation=Observation(LONG))
        case _:
            return record
    return msgspec.structs.replace(record, event=event)


@pytest.mark.parametrize("is_world_asked", [True, False])
def test_a_session_from_before_the_limits_repeats_with_the_texts_that_it_has(is_world_asked: bool) -> None:
    code = "x = run('look')\nn = len(x) > 0\nprint('p' * 30_000)\nraise ValueError('x' * 12_000)"
    with RunHarness(code, _world(), limits=ONCE) as once:
        once.to_end()
        records = [_in_full(record) for record in once.log.records]
    with RunHarness(recorded=records, policy=Recorded(()), world=_world(), limits=ONCE) as again:
        again.run.world = _world() if is_world_asked else None
        again.executor.repeat()
        assert again.run.recorder.repeated == sum(not isinstance(r.event, TextStored) for r in records)
        assert again.interpreter.feed("len(x)").output == len(LONG)  # type: ignore[union-attr]
