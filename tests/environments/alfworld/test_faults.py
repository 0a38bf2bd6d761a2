"""What an engine may do to a run: it is told, nothing is lost, and the run goes on in another engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.debugger.debug_session import open_live, start
from recode_core.environments.alfworld import Alfworld
from recode_core.environments.process.timeouts import VARIABLE
from recode_core.errors import EnvironmentUnavailable
from recode_core.events import ActionFinished, WorldFailed
from recode_core.log import MAIN
from recode_core.policies.scripted import Scripted
from recode_core.session import Settings
from recode_core.values import OBSERVATION_LIMIT

TASK = "valid_seen/pick_and_place_simple-Candle-None-Toilet-429/trial_T20190908_052232_887934"
FAULTS = {
    "die": "ALFWorld: its process was killed by SIGKILL at step 'die'",
    "stop": "ALFWorld: it didn't answer step 'stop' within 1 s: its process is stopped",
    "sleep": "ALFWorld: it didn't answer step 'sleep' within 1 s",
    "break": "ALFWorld: RuntimeError: the engine broke",
}


@pytest.fixture
def fake(home: Alfworld, monkeypatch: pytest.MonkeyPatch) -> Alfworld:
    """ALFWorld with a stand-in for the engine."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).with_name("fake")))
    monkeypatch.delenv("RECODE_ALFWORLD_PYTHON", raising=False)
    return home


def doing(*commands: str) -> Scripted:
    code = "\n".join(f"run({command!r})" for command in commands)
    return Scripted({"solve(instruction, observation)": f"<think>t</think><execute>\n{code}\n</execute>"})


@pytest.mark.slow_variants
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_the_run_goes_on_in_another_engine(
    fault: str, fake: Alfworld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.jsonl"
    with start(Settings("alfworld", TASK), path, doing("look", fault, "win")) as opened:
        debugger = opened.debugger
        debugger.add_breakpoint("action", fault)
        debugger.resume()
        monkeypatch.setenv(VARIABLE, "1")
        with pytest.raises(EnvironmentUnavailable, match=FAULTS[fault]):
            debugger.step()
        monkeypatch.delenv(VARIABLE)
        last = debugger.timeline.records[-1].event
        assert isinstance(last, WorldFailed) and FAULTS[fault] in last.message
        debugger.action("wait")
        assert debugger.resume().kind == "end" and opened.result.solved
        assert debugger.branch == MAIN
        said = [
            r.event.observation.text for r in debugger.timeline.records if isinstance(r.event, ActionFinished)
        ]
        assert said == ["You look.", "You wait.", "You win."]
    with open_live(path) as opened:
        assert opened.notice == "" and opened.result.solved


def test_an_observation_of_a_megabyte_is_shortened(fake: Alfworld, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with start(Settings("alfworld", TASK), path, doing("megabyte", "win")) as opened:
        assert opened.debugger.resume().kind == "end"
        events = [record.event for record in opened.debugger.timeline.records]
        sizes = [len(event.observation.text) for event in events if isinstance(event, ActionFinished)]
        assert sizes == [OBSERVATION_LIMIT, 8]
    with open_live(path) as opened:
        assert opened.result.solved
