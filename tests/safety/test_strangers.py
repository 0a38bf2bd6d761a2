"""Session files from strangers: read up to the damage, or refused with a message; never more than that.

They are recordings with every kind of record, of which something was changed (`tests/session/mutants.py`).
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from recode_core.errors import RecodeError
from recode_core.events import Event
from recode_core.result import result_of
from recode_core.session import read
from recode_tui.cli import main
from tests.safety.recordings import kinds, recordings
from tests.session.mutants import mutant

LONGEST = 30.0
"""Seconds for one file: thousands of times what it takes."""
MOST_MEMORY = 600 << 20
"""How much the process may grow over all files, in bytes."""
CHUNK = 10_000
SCRIPT = """\
where
vars
breaks
branches
back
goto 3
step
print 1 + 1
history x
"""


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[list[bytes]]:
    """The sessions that are changed."""
    folder = tmp_path_factory.mktemp("recorded")
    before = Path.cwd()
    os.chdir(folder)  # some scripts write files
    try:
        return recordings(folder)
    finally:
        os.chdir(before)


def test_the_recordings_have_every_kind_of_record(recorded: list[list[bytes]], tmp_path: Path) -> None:
    found = set().union(*map(kinds, recorded))
    assert found == {kind.__struct_config__.tag for kind in get_args(Event)}
    for number, lines in enumerate(recorded):
        path = tmp_path / f"{number}.jsonl"
        path.write_bytes(b"\n".join(lines) + b"\n")
        assert len(read(path).records) == len(lines) - 1


@pytest.mark.parametrize(
    "seeds",
    [
        range(300),
        pytest.param(range(CHUNK), marks=pytest.mark.slow),
        *(
            pytest.param(range(at, at + CHUNK), marks=pytest.mark.exhaustive)
            for at in range(CHUNK, 10 * CHUNK, CHUNK)
        ),
    ],
    ids=lambda seeds: f"{seeds.start}-{seeds.stop}",
)
def test_a_mutant_is_read_up_to_the_damage_or_refused(
    recorded: list[list[bytes]], tmp_path: Path, seeds: range
) -> None:
    path = tmp_path / "mutant.jsonl"
    found: Counter[str] = Counter()
    before = _memory()
    for seed in seeds:
        path.write_bytes(mutant(recorded[seed % len(recorded)], seed))
        began = time.monotonic()
        try:
            found[_kind_of(path)] += 1
        except BaseException as error:
            error.add_note(f"mutant {seed}")
            raise
        assert time.monotonic() - began < LONGEST, seed
    assert _memory() - before < MOST_MEMORY
    assert set(found) == {"whole", "recovered", "refused"}
    assert found["recovered"] > len(seeds) / 4


def _kind_of(path: Path) -> str:
    """How a file is read: whole, up to the damage, or not at all. Its tree and its result are made."""
    try:
        session = read(path)
        result_of(session.timeline())
    except RecodeError as error:
        assert str(path) in str(error)
        return "refused"
    return "recovered" if session.damage or session.torn else "whole"


def _memory() -> int:
    """The most memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


COMMANDS: dict[str, Callable[[Path, Path], list[object]]] = {
    "show": lambda file, out: ["show", file],
    "check": lambda file, out: ["replay", "--check", "--recorded", file],
    "check-in-a-world": lambda file, out: ["replay", "--check", file],
    "html": lambda file, out: ["export", "--to", "html", "-o", out / "page.html", file],
    "json": lambda file, out: ["export", "--to", "json", file],
    "graphml": lambda file, out: ["export", "--to", "graphml", file],
    "sft": lambda file, out: ["export", "--to", "sft", "-o", out / "data.jsonl", file],
    "report": lambda file, out: ["report", file],
    "report-html": lambda file, out: ["report", file, "--html", out / "report.html"],
    "sessions": lambda file, out: ["sessions", "--sessions-dir", file.parent],
    "sessions-json": lambda file, out: ["sessions", "--json", "--sessions-dir", file.parent],
    "debug": lambda file, out: ["debug", "--batch", out / "script", file],
    "import": lambda file, out: ["import", "--sessions-dir", out / "in", file],
    "resume": lambda file, out: ["run", "--resume", file],
}
"""Every command that takes a session, with the arguments for a file and a folder to write to."""


COUNTS = [8, pytest.param(60, marks=pytest.mark.slow), pytest.param(500, marks=pytest.mark.exhaustive)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_a_mutant_or_says_why_not(
    command: str,
    count: int,
    recorded: list[list[bytes]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.chdir(outside)
    codes: Counter[int] = Counter()
    for seed in range(count):
        folder = tmp_path / f"{seed}"
        file, out = folder / "in" / "mutant.jsonl", folder / "out"
        file.parent.mkdir(parents=True)
        out.mkdir()
        (out / "script").write_text(SCRIPT)
        file.write_bytes(mutant(recorded[seed % len(recorded)], seed))
        monkeypatch.setattr(sys, "argv", ["recode", *map(str, COMMANDS[command](file, out))])
        began = time.monotonic()
        try:
            with pytest.raises(SystemExit) as left:
                main()
        except BaseException as error:
            error.add_note(f"mutant {seed}")
            raise
        said = capsys.readouterr()
        code = int(left.value.code or 0)
        assert time.monotonic() - began < LONGEST, seed
        assert code in (0, 1, 2, 3), (seed, said.err)
        assert "Traceback" not in said.err + said.out, (seed, said.err)
        assert code == 0 or said.err or said.out, seed
        assert not any(outside.iterdir()), seed
        codes[code] += 1
    assert codes.total() == count
    assert not list((tmp_path / "data").rglob("*.jsonl"))
