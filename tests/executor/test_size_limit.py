"""The size of a session is a limit like the others."""

from __future__ import annotations

from pathlib import Path

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.events import LimitReached
from recode_core.executor import Limits, Spent
from recode_core.executor.limits import first_reached
from recode_core.session import Settings


def _settings(size_mb: float | None) -> Settings:
    return Settings("household", "put:7", limits=Limits(size_mb=size_mb))


def test_a_session_that_reaches_its_size_stands_in_the_way_of_everything() -> None:
    limits = Limits(size_mb=1.5)
    for before in ("statement", "call", "action"):
        assert first_reached(limits, Spent(), 0, 9, before, 1_499_000) is None
        found = first_reached(limits, Spent(), 0, 9, before, 1_500_000)
        assert found == LimitReached("size_mb", 1.5, 1.5)
    assert first_reached(Limits(size_mb=None), Spent(), 0, 9, "call", 10**12) is None


def test_a_headless_run_ends_at_its_size_and_says_it(tmp_path: Path) -> None:
    path = tmp_path / "small.jsonl"
    with episode.start(_settings(0.012), path) as small:
        small.run()
        result, found = (
            small.result,
            [r.event for r in small.log.records if isinstance(r.event, LimitReached)],
        )
    assert (result.outcome, result.limit, result.hit_own_limit) == ("limit", "size_mb", True)
    assert (len(found), found[0].name, found[0].limit, found[0].value >= 0.012) == (1, "size_mb", 0.012, True)
    assert path.stat().st_size < 20_000


def test_a_run_that_rests_at_its_size_goes_on_when_it_is_raised(tmp_path: Path) -> None:
    path = tmp_path / "small.jsonl"
    with debug_session.start(_settings(0.012), path) as opened:
        assert opened.debugger.resume().kind == "limit"
    with debug_session.open_live(path) as opened:
        assert opened.debugger.stop.kind == "limit"
        opened.debugger.limit("size_mb", 50)
        assert opened.debugger.resume().kind == "end"
        assert opened.result.solved
        written = path.stat().st_size
        assert opened.debugger.log.size == written
