"""What the tests of all environments share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def alfworld_folders() -> list[Path]:
    """The folders of the real ALFWorld scenes that lie beside the repository."""
    root = SHARED / "alfworld"
    if not root.is_dir():
        pytest.skip("no ../shared/data/alfworld: the real scenes are not at hand")
    return sorted(path.parent for path in root.glob("json_2.1.1/*/*/*/initial_state.pddl"))


@pytest.fixture
def answering_python(tmp_path: Path) -> str:
    """Stands for another Python that has every package."""
    path = tmp_path / "answering"
    path.write_text("#!/bin/sh\necho 1.2.3\n")
    path.chmod(0o755)
    return str(path)
