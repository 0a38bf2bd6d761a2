"""The real games, and the real engine where there is one."""

from __future__ import annotations

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from recode_core.environments.alfworld import Alfworld
from recode_core.environments.process.interpreter import interpreter, variable


@pytest.fixture
def home(alfworld_folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> Alfworld:
    """ALFWorld on the games that lie beside the repository."""
    monkeypatch.setenv("ALFWORLD_DATA", str(alfworld_folders[0].parents[3]))
    return Alfworld()


@pytest.fixture
def engine(home: Alfworld) -> Alfworld:
    """The same, where its games can be played."""
    named = variable(home.name)
    if find_spec("alfworld") is None and named not in os.environ:
        pytest.skip(f"alfworld isn't installed, and {named} names no Python that has it")
    find = "import importlib.util as u, sys; sys.exit(u.find_spec('alfworld') is None)"
    if subprocess.run([interpreter(home.name), "-c", find], check=False).returncode:
        pytest.skip(f"{interpreter(home.name)} has no alfworld")
    return home
