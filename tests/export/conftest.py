"""Sessions in files, as runs among doubles leave them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recode_core.export.pairs import TrainingExpansions, TrainingPair
from recode_core.log import Log
from recode_core.session import Settings, Writer, new_header
from recode_core.timeline import Timeline

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes a log as the session of a task, into a folder."""

    def write(log: Log, name: str = "one", *, agent: str = "recode", task: str = "put:7") -> Path:
        path = tmp_path / "sessions" / f"{name}.jsonl"
        writer = Writer.create(path, new_header(name, Settings("household", task, agent=agent)))
        for record in log.records:
            writer.write(record)
        writer.close()
        return path

    return write


@pytest.fixture
def pairs() -> Callable[[Any], list[TrainingPair]]:
    """The pairs of the branch that a log goes on on."""
    return lambda log: TrainingExpansions(Timeline(log.line())).pairs(log)
