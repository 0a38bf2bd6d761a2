"""The recorded sample sessions: made by the real command, and still what the engine does."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.environments.registry import missing
from recode_core.episode import check_all
from recode_core.session import read

DATA = Path(__file__).parents[2] / "shared" / "data"
SAMPLES = sorted((Path(__file__).parents[1] / "sessions").glob("*.jsonl"))


def test_there_are_samples() -> None:
    stems = [path.stem for path in SAMPLES]
    assert stems == [
        "household-mended",
        "household-puttwo",
        "kitchen-alfworld",
        "scienceworld-thermometer",
        "webshop-flavour",
    ]


@pytest.mark.slow_variants
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_replayed_on_every_branch_without_a_divergence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSHOP_DATA", str(DATA / "webshop"))
    monkeypatch.setenv("ALFWORLD_DATA", str(DATA / "alfworld"))
    environment = read(path).header.settings.environment
    if lack := missing(environment):
        pytest.skip(lack)
    _holds(path, ask_world=True)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_replayed_where_its_environment_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("WEBSHOP_DATA", "ALFWORLD_DATA"):
        monkeypatch.setenv(variable, "/nowhere")
    _holds(path, ask_world=False)


def _holds(path: Path, ask_world: bool) -> None:
    verdicts = check_all(path, ask_world=ask_world)
    assert all(verdict.steps == verdict.replayed > 0 for verdict in verdicts.values())
    assert all(verdict.is_world_asked == ask_world for verdict in verdicts.values())
    assert not any(verdict.divergence or verdict.reworded for verdict in verdicts.values())
