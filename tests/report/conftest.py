"""Runs as a report reads them, without files, and sessions to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recode_core.episode import start
from recode_core.events import Outcome
from recode_core.report.runs import FinishedRun
from recode_core.result import Result
from recode_core.session import Settings

MakeRun = Callable[..., FinishedRun]


@pytest.fixture
def run() -> MakeRun:
    """Makes a finished run of `put`, with some numbers given."""

    def make(
        solved: bool = True,
        *,
        path: str = "a.jsonl",
        environment: str = "household",
        kind: str = "put",
        agent: str = "recode",
        model: str = "m",
        score: float | None = None,
        cost_usd: float | None = 0.002,
        depth: int = 3,
        failure: str = "ended by the world",
        errors: dict[str, int] | None = None,
        calls: int = 4,
        **more: object,
    ) -> FinishedRun:
        outcome: Outcome = "solved" if solved else "done"
        points = float(solved) if score is None else score
        result = Result(solved, outcome, None, points, 9, 20, depth, calls, 1200, cost_usd, 1.5)
        return FinishedRun(
            path=Path(path),
            environment=environment,
            kind=kind,
            agent=agent,
            policy="expert",
            model=model,
            result=result,
            failure="" if solved else failure,
            expansions=calls,
            statements=5.0,
            placeholders=0.5,
            errors=errors or {},
            branches=1,
            **({"task": f"{kind}:1"} | more),  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    """A folder with a solved run, one at its limit, an unfinished, a damaged and an empty file."""
    folder = tmp_path / "sessions"
    for name, task in (("solved", "put:7"), ("half", "clean:1")):
        with start(Settings("household", task), folder / f"{name}.jsonl") as episode:
            episode.run()
    half = folder / "half.jsonl"
    lines = half.read_bytes().splitlines(keepends=True)
    half.write_bytes(b"".join(lines[: len(lines) // 2]) + b'{"n": 1')
    (folder / "foreign.jsonl").write_text("hello\n")
    (folder / "empty.jsonl").write_text("")
    (folder / "middle.jsonl").write_bytes(b"".join([*lines[:5], b"junk\n", *lines[6:]]))
    return folder
