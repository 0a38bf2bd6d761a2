"""What is installed has the samples."""

from __future__ import annotations

import tomllib
from pathlib import Path

from recode_tui.session_sources import samples_dir

ROOT = Path(__file__).parents[3]


def test_the_wheel_and_the_source_archive_take_the_samples_along() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert targets["wheel"]["force-include"] == {samples_dir().name: "recode_tui/samples"}
    assert f"/{samples_dir().name}" in targets["sdist"]["include"]
