"""The recorded sample sessions: made by the real command, and still what the engine does."""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.environments.registry import missing
from recode_core.episode import check_all
from recode_core.session import read

WEBSHOP = Path(__file__).parents[2] / "shared" / "data" / "webshop"
SAMPLES = sorted((Path(__file__).parents[1] / "sessions").glob("*.jsonl"))


def test_there_are_samples() -> None:
    assert [path.stem for path in SAMPLES] == ["household-mended", "household-puttwo", "webshop-flavour"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_replayed_on_every_branch_without_a_divergence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBSHOP_DATA", str(WEBSHOP))
    if lack := missing(read(path).header.settings.environment):
        pytest.skip(lack)
    verdicts = check_all(path)
    assert all(verdict.steps == verdict.replayed > 0 for verdict in verdicts.values())
    assert not any(verdict.divergence or verdict.reworded for verdict in verdicts.values())
