"""Debug sessions with random commands, whose policies and worlds fail at random, and what they leave.

`python -m tests.endurance.random_faults SECONDS SEED` opens sessions for that long, in a process of its own,
and prints a line of JSON: what was left, and how often what happened.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import gc
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from recode_core.debugger import debug_session
from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.console import Console
from recode_core.debugger.debug_session import DebugSession
from recode_core.environments.environment import Restoration
from recode_core.errors import RecodeError
from recode_core.interpreter import SandboxLimits
from recode_core.session import Settings, read
from tests.debugger import commands
from tests.debugger.doubles import LIMITS, SETUPS
from tests.endurance.faulty import Faults, FaultyEnvironment, FaultyPolicy
from tests.tui.vanishing import descendants

SANDBOX = SandboxLimits(seconds=0.5, memory_mb=64)
WARM = 10
"""Sessions before the first look at what the process holds: modules, caches and workers are kept."""

LEAST = 2 * WARM
"""Sessions in all, at least, however slow the machine is."""

COMMANDS_EACH = 50
RESTORATIONS: dict[str, tuple[Restoration, ...]] = {"household": ("snapshot", "replay")}
TEXTS = ["x", "it's", '"', "<<END", "a\tb", "\ud800", "\x00", "ü 😀", "x" * 5000, "*", "/(/", "999999999", ""]


@dataclasses.dataclass(frozen=True)
class Held:
    """What a process holds. `memory` is in megabytes."""

    memory: float
    files: int
    threads: int
    children: int

    @classmethod
    def now(cls) -> Held:
        gc.collect()
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        files = len([*Path("/proc/self/fd").iterdir()])
        threads = len([*Path("/proc/self/task").iterdir()])
        children = len(descendants(os.getpid()))
        return cls(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, files, threads, children)


class Faulty:
    """Sessions one after another, in a folder. `happened` counts errors and events by their type."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.happened: Counter[str] = Counter()
        self._folder = folder
        self._seed = seed

    def session(self, number: int) -> None:
        """Open a session, give it commands, perhaps close it and take it up again, and read its file."""
        chance = random.Random(f"{self._seed} {number}")
        faults = Faults(chance, chance.choice([0.05, 0.2, 0.5]))
        name = chance.choice(list(SETUPS))
        setup = SETUPS[name]()
        restoration = chance.choice(RESTORATIONS.get(name, ("replay", "none")))
        environment = FaultyEnvironment(setup, faults, restoration)
        policy = FaultyPolicy(setup.policy, faults)
        settings = Settings("faulty", "one", agent=setup.agent, limits=LIMITS, sandbox=SANDBOX)
        path = self._folder / f"{number}.jsonl"
        for _ in range(chance.choice([1, 2])):
            repeats = chance.random() < 0.5
            try:
                if path.exists():
                    opened = debug_session.open_live(
                        path, policy, environment=environment, repeat_action=repeats
                    )
                else:
                    opened = debug_session.start(settings, path, policy, environment)
            except RecodeError as error:
                self._count(error)
            else:
                path = self._drive(opened, chance)
        if path.exists():
            session = read(path)
            assert (session.torn, session.damage) == (0, ""), session.notice
            session.timeline()
            self.happened.update(type(record.event).__name__ for record in session.records)
        for each in self._folder.iterdir():
            each.unlink()

    def _drive(self, opened: DebugSession, chance: random.Random) -> Path:
        """Give random commands, and close the session. Returns its file."""
        console = Console(opened.debugger)
        try:
            for _ in range(COMMANDS_EACH):
                self._command(console, chance)
                if console.stopped:
                    break
        finally:
            try:
                opened.close()
            except RecodeError as error:
                self._count(error)
        return opened.path

    def _command(self, console: Console, chance: random.Random) -> None:
        line, block = command(console, chance, self._folder)
        others: list[BaseException] = []
        debugger = console.debugger

        def abort() -> None:
            try:
                debugger.abort()
            except RecodeError as error:
                self._count(error)
            except BaseException as error:
                others.append(error)

        timer = threading.Timer(chance.uniform(0, 0.03), abort)
        is_aborted = chance.random() < 0.1
        if is_aborted:
            timer.start()
        try:
            for _ in console.run(line, block):
                pass
            self.happened["command"] += 1
        except RecodeError as error:
            self._count(error)
        except BaseException as error:
            error.add_note(f"command: {line!r} {block!r}")
            raise
        finally:
            if is_aborted:
                timer.join()
        if others:
            raise others[0]

    def _count(self, error: RecodeError) -> None:
        assert str(error), f"{error!r} has no text"
        self.happened[type(error).__name__] += 1


def command(console: Console, chance: random.Random, folder: Path) -> tuple[str, str | None]:
    """A random command for the state of a debugger, with its block. Some are nonsense."""
    debugger = console.debugger
    nodes = list(debugger.timeline.tree.nodes) or ["0"]
    node = chance.choice(nodes)
    record = chance.choice(debugger.timeline.stops).n
    statement = chance.choice(commands.STATEMENTS).replace("{indent}", "").replace("{{k}}", "{k}")
    name = chance.choice(commands.NAMES)
    expression = chance.choice(commands.EXPRESSIONS)
    kind = chance.choice(list(KINDS))
    branches = list(debugger.log.branches)
    branch = chance.choice(branches)
    text = chance.choice(TEXTS)
    pattern = f"{node}:1" if kind == "line" else commands.PATTERNS.get(kind, "")
    file = folder / f"{chance.randrange(10**9)}"
    moves = ["step", "step", "next", "finish", "continue", "continue", "back", "back next", "back continue"]
    moves += [f"goto {record}", f"goto {node}", f"until {node}", f"switch {branch}", "undo", "undo", "redo"]
    looks = ["where", "vars", "possible", f"history {name}", f"when {expression}", f"origin {name}"]
    looks += [f"print {expression}", f"diff {branch} {chance.choice(branches)}", "branches", f"prompt {node}"]
    looks += ["breaks", "help", "prompts", f"assert {expression}", f"save {file}", f"export {file}.recode"]
    looks += [f"export {file}.{chance.choice(['json', 'graphml'])}", "undo list"]
    marks = [f"break {kind} {pattern}", f"break {kind} {pattern} if {expression} log", f"watch {expression}"]
    marks += [f'note {node} "{text}"', "delete 1", "disable 1", "enable 1"]
    changes = ["skip", "retry", f"retry {node}", f"set {name} = {expression}", f'action "{text or "look"}"']
    changes += ['observe "You see."', f"limit steps {chance.randrange(60)}", "accept", "limit calls 60"]
    changes += [f"regenerate {node}", f'regenerate {node} hint "{text}"', "graft 1", "reuse off", "reuse on"]
    blocks = [(f"edit {node}", statement), (f"edit {node} from-here", statement)]
    blocks += [(f"reply {node}", f"<execute>\n{statement}\n</execute>"), (f"prompt {node}", text)]
    blocks += [("observe", text), (f"prompt {node} messages", '[{"role": "user", "content": "x"}]')]
    rare = [f"regenerate {node} candidates 2 rollout 3", "blame 1", "rerun", "quit"]
    nonsense = [f"{chance.choice(list(COMMANDS))} {text}", f"{text} {text}", f"goto {text}"]
    lines = chance.choices([moves, looks, marks, changes, rare, nonsense], [10, 5, 3, 4, 0.3, 2])[0]
    if chance.random() < 0.15:
        return chance.choice(blocks)
    return chance.choice(lines), None


def main(seconds: float, seed: int) -> None:
    """Open sessions for so long, and print what they left."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),  # commands write files of any name
        ThreadPoolExecutor(1) as engine,
    ):
        faulty, number, before = Faulty(Path(folder), seed), 0, Held.now()
        end = time.monotonic() + seconds
        while time.monotonic() < end or number < LEAST:
            # In another thread, as on the screen: in the main thread a KeyboardInterrupt would be ctrl+c.
            try:
                engine.submit(faulty.session, number).result()
            except BaseException as error:
                error.add_note(f"seed {seed}, session {number}")
                raise
            number += 1
            if number == WARM:
                before = Held.now()
        after = Held.now()
    print(
        json.dumps(
            {
                "sessions": number,
                "before": dataclasses.asdict(before),
                "after": dataclasses.asdict(after),
                "happened": faulty.happened,
            }
        )
    )


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
