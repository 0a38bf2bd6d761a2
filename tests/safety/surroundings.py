"""What is around a sandbox: its processes, and what they hold and change. Linux only."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_PERIOD = 0.01  # seconds between two looks
HAS_PROC = (_PROC / "self" / "clear_refs").exists()
"""Whether the system tells about processes as Linux does."""


def children(pid: int | str = "self") -> list[int]:
    """The child processes of a process, of all of its threads."""
    found: list[int] = []
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def highest_memory(pid: int | str = "self") -> int:
    """The most memory that a process has had so far, in bytes; 0 if it is gone."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return 0


def forget_highest_memory() -> None:
    """Measure the highest memory of this process from now on."""
    (_PROC / "self" / "clear_refs").write_text("5")


@dataclass
class Seen:
    """What was seen of the child processes: the most memory of one, their descriptors, their children."""

    memory: int = 0
    descriptors: set[str] = field(default_factory=set)
    grandchildren: int = 0

    def look(self) -> None:
        """Look once."""
        for pid in children():
            with suppress(OSError):
                if (_PROC / str(pid) / "exe").readlink() == (_PROC / "self" / "exe").readlink():
                    continue  # between fork and exec it is a copy of this process
                self.memory = max(self.memory, highest_memory(pid))
                self.grandchildren += len(children(pid))
                for descriptor in (_PROC / str(pid) / "fd").iterdir():
                    with suppress(OSError):
                        self.descriptors.add(str(descriptor.readlink()).partition(":")[0])


@contextmanager
def watched() -> Iterator[Seen]:
    """Look at the child processes all the time, in a thread."""
    seen, is_over = Seen(), threading.Event()

    def look() -> None:
        while not is_over.wait(_PERIOD):
            seen.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


@dataclass(frozen=True)
class Canary:
    """A folder, the environment and the process, as they are to stay."""

    files: tuple[tuple[str, bytes], ...]
    environment: tuple[tuple[str, str], ...]
    folder: str
    descriptors: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Canary:
        """As it is now."""
        files = sorted((str(p.relative_to(folder)), p.read_bytes()) for p in folder.rglob("*") if p.is_file())
        return cls(tuple(files), _environment(), str(Path.cwd()), _sockets())


def _environment() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(item for item in os.environ.items() if item[0] != "PYTEST_CURRENT_TEST"))


def _sockets() -> frozenset[str]:
    """The sockets of this process."""
    found = set()
    for descriptor in (_PROC / "self" / "fd").iterdir() if HAS_PROC else ():
        with suppress(OSError):
            found.add(str(descriptor.readlink()))
    return frozenset(name for name in found if name.startswith("socket:"))
