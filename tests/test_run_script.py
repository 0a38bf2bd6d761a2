"""Scripts of debugger commands as tests: what fails is named with line, command and what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.debugger.commands import BadCommand
from recode_core.environments.household import Household
from recode_core.errors import UnknownTask
from recode_core.executor import Limits
from recode_core.testing import ScriptFailed, reply, run_script


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "look.recode"
    path.write_text("continue\nassert episode.solved\nassert episode.steps == 5\n")
    return path


def test_a_script_holds(script: Path) -> None:
    assert run_script(script, "household", "put:7").asserts == 2
    assert run_script(str(script), "household", "put:7", limits=Limits(steps=9)).asserts == 2


def test_environment_and_policy_may_be_objects(script: Path) -> None:
    script.write_text("continue\nassert episode.calls == 1 and episode.steps == 1")
    result = run_script(script, Household(), "put:7", policy=lambda request: reply("run('look')"))
    assert (result.asserts, result.exit_code) == (1, 0)


def test_the_agent_is_given(script: Path) -> None:
    script.write_text("continue\nassert episode.calls == 5")
    run_script(script, "household", "put:7", agent="react")


def test_what_does_not_hold_is_named_with_what_was_found(script: Path) -> None:
    with pytest.raises(ScriptFailed) as failed:
        run_script(script, "household", "put:7", policy=lambda request: reply("run('look')"))
    assert isinstance(failed.value, AssertionError)
    ended = failed.value.result.outcomes[0].output[0]
    assert ended.endswith("finished, score 0")
    assert str(failed.value).splitlines() == [
        "look.recode:2: assert episode.solved",
        "    episode.solved does not hold",
        "    after line 1, continue:",
        f"      {ended}",
        "look.recode:3: assert episode.steps == 5",
        "    episode.steps == 5 does not hold: episode.steps is 1",
    ]
    assert failed.value.result.failed == 2


def test_a_command_that_cannot_be_executed_fails(script: Path) -> None:
    script.write_text("step\ngoto 0.99\nassert False")
    with pytest.raises(ScriptFailed, match=r"look\.recode:2: goto 0\.99\n    no record at node '0\.99'"):
        run_script(script, "household", "put:7")


def test_what_is_no_script_or_no_task_is_refused_as_elsewhere(script: Path) -> None:
    with pytest.raises(UnknownTask):
        run_script(script, "household", "put:x")
    script.write_text("edit 0 <<END\n")
    with pytest.raises(BadCommand, match="line 1: the block is not terminated"):
        run_script(script, "household", "put:7")
