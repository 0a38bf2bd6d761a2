"""The engine's thread never ends without a word: the screen would wait for it for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.message import Message

from recode_core.debugger import debug_session
from recode_core.environments.household.world import HouseholdWorld
from recode_core.errors import EnvironmentUnavailable
from recode_core.session import Settings
from recode_tui.debug.engine import Engine
from recode_tui.debug.messages import EngineCrashed, OpeningFailed


def test_whatever_opening_raises_is_told() -> None:
    def leave() -> debug_session.DebugSession:
        raise SystemExit(0)

    def refuse() -> debug_session.DebugSession:
        raise EnvironmentUnavailable("no game")

    for open_session, kind in ((leave, EngineCrashed), (refuse, OpeningFailed)):
        told: list[Message] = []
        engine = Engine(open_session, told.append)
        engine.start()
        assert engine.close(30)
        assert [type(message) for message in told] == [kind]


def test_a_world_that_does_not_close_is_a_failure_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: HouseholdWorld) -> None:
        raise SystemExit(0)

    monkeypatch.setattr(HouseholdWorld, "close", refuse)
    told: list[Message] = []
    path = tmp_path / "run.jsonl"
    engine = Engine(lambda: debug_session.start(Settings("household", "put:7"), path), told.append)
    engine.start()
    assert engine.close(30)
    assert not any(isinstance(message, EngineCrashed) for message in told)
    assert "the environment failed in close: SystemExit: 0" in str(engine.failure)
    assert not path.exists()
