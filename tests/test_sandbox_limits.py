"""A session's sandbox gets no more than its user allows, and no odd limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.errors import NotASession
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_core.interpreter.sessions import MOST_SECONDS
from recode_core.session import Settings, read

GREEDY = {"seconds": 86_400.0, "memory_mb": 102_400, "seed": 3}
MINE = SandboxLimits(seconds=7, memory_mb=100)


@pytest.fixture
def stranger(tmp_path: Path) -> Callable[..., Path]:
    """Makes a session file whose header says other sandbox limits than it was recorded with."""
    path = tmp_path / "stranger.jsonl"
    with episode.start(Settings("household", "put:7"), path) as played:
        for _ in range(4):
            played.executor.advance()

    def make(**limits: Any) -> Path:
        first, *rest = path.read_text().splitlines(keepends=True)
        header = json.loads(first)
        header["settings"]["sandbox"] |= limits
        path.write_text("".join([json.dumps(header) + "\n", *rest]))
        return path

    return make


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"seconds": 0}, "seconds"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 1e18}, "seconds"),
        ({"memory_mb": 0}, "memory_mb"),
        ({"memory_mb": -1}, "memory_mb"),
        ({"memory_mb": 10**18}, "memory_mb"),
        ({"clock": 1e300}, "clock"),
        ({"clock": -1e300}, "clock"),
    ],
)
def test_an_odd_limit_is_refused_by_its_name(
    stranger: Callable[..., Path], limits: dict[str, float], field: str
) -> None:
    with pytest.raises(ValueError, match=f"sandbox.{field}"):
        SandboxLimits(**limits)  # type: ignore[arg-type]
    with pytest.raises(NotASession, match=f"sandbox.{field}"):
        read(stranger(**limits))


def test_limits_are_lowered_and_never_raised() -> None:
    asked = SandboxLimits(seconds=2, memory_mb=900, seed=5, clock=9)
    assert asked.within(MINE) == SandboxLimits(seconds=2, memory_mb=100, seed=5, clock=9)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[SandboxLimits | None]:
    """The limits of the sandboxes that are made."""
    found: list[SandboxLimits | None] = []
    real = Interpreter.__init__

    def init(self: Interpreter, limits: SandboxLimits | None = None) -> None:
        found.append(limits)
        real(self, limits)

    monkeypatch.setattr(Interpreter, "__init__", init)
    return found


@pytest.mark.parametrize("most", [SandboxLimits(), MINE])
def test_a_stranger_s_session_gets_what_its_user_allows(
    stranger: Callable[..., Path], made: list[SandboxLimits | None], most: SandboxLimits
) -> None:
    path = stranger(**GREEDY)
    allowed = SandboxLimits(most.seconds, most.memory_mb, seed=3)
    with episode.resume(path, most=most) as resumed:
        assert "--memory-mb" in resumed.notice
    with debug_session.open_live(path, most=most) as opened:
        assert "86400 s and 102400 MB" in opened.notice
        opened.debugger.evaluate("1")
        assert opened.rerun().parts.live_run().interpreter.limits == allowed
    with debug_session.open_readonly(path, most=most) as seen:
        assert "--statement-seconds" in seen.notice
        seen.debugger.evaluate("1")
    assert made
    assert set(made) == {allowed}


@pytest.mark.parametrize("most", [SandboxLimits(), MINE])
def test_a_check_gives_statements_more_time_than_they_had_and_no_more_memory(
    stranger: Callable[..., Path], made: list[SandboxLimits | None], most: SandboxLimits
) -> None:
    path = stranger(**GREEDY)
    assert not episode.check(path, most=most).divergence
    assert not episode.check_all(path, most=most)["main"].divergence
    assert set(made) == {SandboxLimits(10 * most.seconds, most.memory_mb, seed=3)}
    assert SandboxLimits(80_000).patient().seconds == MOST_SECONDS


def test_what_is_allowed_is_not_spoken_of(stranger: Callable[..., Path]) -> None:
    with debug_session.open_live(stranger(memory_mb=100), most=MINE) as opened:
        assert opened.notice == ""
        assert opened.header.settings.sandbox.memory_mb == 100
