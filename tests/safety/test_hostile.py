"""Hostile expansions, each run for real and recorded: a statement fails or the expansion is refused, within
limits of time, memory and disk. The next expansion runs, the file replays, and outside all is as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.events import EpisodeFinished, ExpansionRefused, StatementFailed, StatementFinished
from recode_core.executor import Limits
from recode_core.interpreter import Called, Interpreter, Raised, SandboxLimits
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.session import Session, Settings, read
from recode_core.testing import ROOT, reply
from tests.safety import surroundings
from tests.safety.hostile import HARMLESS, HOSTILE, LIMITED, REFUSED, SLOW, ends_of
from tests.safety.surroundings import Canary

MEGABYTE = 1 << 20
SANDBOX = SandboxLimits(seconds=0.3, memory_mb=48)
LIMITS = Limits(steps=20, repairs=1, rewrites=1, size_mb=12)
LONGEST = 60.0
"""Seconds of a run and of its replay: a hundred times what they take."""
MOST_IN_FILE = 13 * MEGABYTE
"""The limit of the file's size, and the record with which it is reached."""
MOST_IN_SANDBOX = (48 + 80) * MEGABYTE
"""Its limit, its program, and one allocation more."""
MOST_OF_OURS = 300 * MEGABYTE
"""How much our own process may grow meanwhile: the file's records twice, and what was printed."""
_ALONE = ("host", "process", "network", "exception")
ALLOWED = {f"host-{name}" for name in ("asyncio", "eval", "exec", "locals-call", "sleep")}
"""What the sandbox has, and the rules refuse or not; it reaches nothing outside."""
MOST_PROCESSES = 8
"""Sandboxes that wait to be used again, besides those before; hundreds if each program left one."""
PASSWORDS = Path("/etc/passwd").read_bytes().split(b"\n")[0] if Path("/etc/passwd").exists() else b"root:x"


class Attacker(FreePolicy):
    """Expands `attack()` into hostile code, once, and anything else into something harmless."""

    model = "attacker"

    def __init__(self, code: str) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self._code = iter([code])

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        match request.statement:
            case s if s == ROOT:
                code = "recover()" if request.repair else "attack()\nrecover()"
            case "attack()":
                code = next(self._code, "pass")
            case "recover()":
                code = "done = 6 * 7"
            case _:
                code = "pass"
        return Reply(reply(code))

    def abort(self) -> None:
        pass


@pytest.fixture(scope="module")
def processes() -> int:
    """The child processes that other tests have left: sandboxes that wait to be used again."""
    return len(surroundings.children())


@pytest.fixture
def home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int, interpreter: Interpreter
) -> Iterator[Path]:
    """The working folder, which stays as it is, as all the process does."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "canary").write_text("whole")
    monkeypatch.chdir(folder)
    before = Canary.of(folder)
    yield folder
    assert Canary.of(folder) == before
    assert len(surroundings.children()) <= processes + MOST_PROCESSES


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    """One sandbox for all programs: what one broke, the next would find."""
    with closing(Interpreter(SANDBOX)) as interpreter:
        interpreter.feed("keep = 1\nNone")
        yield interpreter


def recorded(code: str, path: Path) -> Session:
    """The session of a run with hostile code, and what it took measured on the way."""
    settings = Settings("household", "put:7", sandbox=SANDBOX, limits=LIMITS)
    with episode.start(settings, path, Attacker(code)) as started:
        started.run()
    return read(path)


def ends(session: Session) -> str:
    """How the attack ended."""
    if any(isinstance(record.event, ExpansionRefused) for record in session.records):
        return "refused"
    if any(isinstance(record.event, StatementFailed) for record in session.records):
        return "failed"
    outcomes = [
        record.event.outcome for record in session.records if isinstance(record.event, EpisodeFinished)
    ]
    return "limit" if outcomes == ["limit"] else "harmless"


def goes_on(session: Session) -> bool:
    """Whether the next expansion has run."""
    changed = [
        variable
        for record in session.records
        if isinstance(record.event, StatementFinished)
        for variable in record.event.changed
    ]
    return [(variable.name, variable.value) for variable in changed][-1:] == [("done", "42")]


def _marks(name: str) -> list[pytest.MarkDecorator]:
    """The quick half of the programs is tried by default; those for the sandbox alone are so below."""
    return [pytest.mark.slow] if name in SLOW or name.startswith(_ALONE) else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in HOSTILE])
def test_a_hostile_expansion_harms_nothing_but_itself(name: str, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    began = time.monotonic()
    if surroundings.HAS_PROC:
        surroundings.forget_highest_memory()
    before = surroundings.highest_memory()
    with surroundings.watched() as seen:
        session = recorded(HOSTILE[name], path)
        verdict = episode.check(path)
    assert time.monotonic() - began < LONGEST
    assert ends(session) in ends_of(name)
    assert goes_on(session) or ends(session) == "limit"
    assert (verdict.diverged, verdict.divergence) == (0, "")
    assert path.stat().st_size < MOST_IN_FILE
    assert PASSWORDS not in path.read_bytes()
    assert seen.memory < MOST_IN_SANDBOX
    assert surroundings.highest_memory() - before < MOST_OF_OURS
    assert seen.grandchildren == 0
    assert seen.descriptors <= {"pipe", "/dev/null"}


def test_there_are_many_of_every_kind() -> None:
    assert len(HOSTILE) >= 300
    assert HOSTILE.keys() >= (REFUSED | HARMLESS | LIMITED | SLOW)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.startswith(_ALONE)])
def test_the_sandbox_keeps_alone_what_the_rules_would_refuse(
    name: str, home: Path, interpreter: Interpreter
) -> None:
    with surroundings.watched() as seen:
        turn = interpreter.feed(f"{HOSTILE[name]}\nNone")
        if isinstance(turn, Called):
            interpreter.rewind()
        seen.look()
    assert isinstance(turn, Raised) or name in ALLOWED
    assert interpreter.evaluate("keep").value == "1"
    assert seen.grandchildren == 0
    assert seen.descriptors <= {"pipe", "/dev/null"}
