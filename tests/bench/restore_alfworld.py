"""Time to restore a session of 50 actions in a real ALFWorld game, as a ratio to running it.

ALFWorld can't save a game, so each restore starts another one beside the first and takes the recorded
actions again. The policy answers at once: beside a model's seconds, the ratios would be smaller.

    RECODE_ALFWORLD_PYTHON=PYTHON python -m tests.bench.restore_alfworld [ROUNDS]
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from recode_core.agents.recode import ReCode
from recode_core.debugger.debugger import Debugger
from recode_core.debugger.restore import Restorer
from recode_core.environments.environment import Guide
from recode_core.errors import EnvironmentUnavailable
from recode_core.executor import Executor, Limits, Recorder, Run
from recode_core.interpreter import Interpreter
from recode_core.log import Log
from recode_core.policies.scripted import Scripted
from recode_core.timeline import Stop
from recode_core.values import Observation
from tests.bench.figures import CannotMeasure, Figure, show

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "tests/environments/household/real_alfworld.py"
SCENES = ROOT.parent / "shared/data/alfworld/json_2.1.1"
ACTIONS, ROUNDS = 50, 3
SCRIPT = {
    "solve(instruction, observation)": "places = list_places(observation)\nlook_around(places)",
    "places = list_places(observation)": """
seen = observation.split('you see ')[1].split('.')[0]
places = [part.removeprefix('and ').removeprefix('a ') for part in seen.split(', ')]""",
    "look_around(places)": f"""
for i in range({ACTIONS // 2}):
    place = places[i % len(places)]
    obs = run(f'go to {{place}}')
    if 'is closed' in obs:
        obs = run(f'open {{place}}')
    else:
        obs = run(f'examine {{place}}')""",
}


class Answer(msgspec.Struct, frozen=True):
    """What the child tells after a command."""

    text: str
    won: bool


class Game:
    """A world whose game is played by a process of its own. `seconds` is what its start took."""

    instruction = "look around."
    step_limit = 80

    def __init__(self, python: str, scene: Path) -> None:
        self.seconds = 0.0
        self._scene = scene
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            [python, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def reset(self) -> Observation:
        observation = self._ask({"game": str(self._scene)})
        self.seconds = time.perf_counter() - self._began
        return observation

    def step(self, action: str) -> Observation:
        return self._ask({"command": action})

    def close(self) -> None:
        if self._process.stdin and not self._process.stdin.closed:
            self._process.communicate()

    def _ask(self, request: dict[str, str]) -> Observation:
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(request), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise EnvironmentUnavailable(f"the game ended at {request}; does the interpreter have alfworld?")
        answer = msgspec.json.decode(line, type=Answer)
        return Observation(answer.text, float(answer.won), answer.won, answer.won)


class Row(msgspec.Struct, frozen=True):
    """One measurement; `starting` are the seconds of it that the game took to start. A divergence raises."""

    what: str
    actions: int
    seconds: float
    starting: float
    calls: int
    ended: str


class Session:
    """One debugger on one game, with its measurements."""

    def __init__(self, python: str, scene: Path) -> None:
        self._games: list[Game] = []
        self._python, self._scene = python, scene
        self._log = Log()
        thought = "<think>As before.</think>\n<execute>\n{}\n</execute>"
        self._policy = Scripted({statement: thought.format(code) for statement, code in SCRIPT.items()})

    def measure(self) -> Iterator[Row]:
        """Run it whole, then restore its middle and its end."""
        began = time.perf_counter()
        run = self._execution()
        run.world = self._open()
        restorer = Restorer(self._log, self._execution, self._open, "replay")
        with contextlib.closing(Debugger(self._log, Executor(run), restorer)) as debugger:
            end = debugger.resume()
            calls = len(self._policy.requests)
            yield self._row("run", began, run, calls, debugger.moment.outcome or end.kind)
            actions = [rest for rest in debugger.timeline.stops if rest.kind == "action"]
            yield self._restore("middle", debugger, actions[len(actions) // 2])
            yield self._restore("end", debugger, end)

    def _restore(self, what: str, debugger: Debugger, rest: Stop) -> Row:
        records = debugger.timeline.up_to(rest.n)
        before = len(self._policy.requests)
        began = time.perf_counter()
        run = debugger.parts.restorer.restore(records).run
        with contextlib.closing(run.interpreter), contextlib.closing(self._games[-1]):
            met = debugger.parts.restorer.stats
            ended = f"{met.replayed} answered as recorded, {met.recalled} only looked up"
            return self._row(what, began, run, len(self._policy.requests) - before, ended)

    def _row(self, what: str, began: float, run: Run, calls: int, ended: str) -> Row:
        seconds = time.perf_counter() - began
        return Row(what, run.spent.steps, seconds, self._games[-1].seconds, calls, ended)

    def _open(self) -> Game:
        self._games.append(Game(self._python, self._scene))
        return self._games[-1]

    def _execution(self) -> Run:
        return Run(
            recorder=Recorder(self._log),
            agent=ReCode(Guide("", "")),
            policy=self._policy,
            interpreter=Interpreter(),
            world=None,
            restoration="replay",
            limits=Limits(),
            step_limit=Game.step_limit,
        )


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """A run, and what restoring its middle and its end takes beside it: medians of all rounds."""
    python = os.environ.get("RECODE_ALFWORLD_PYTHON")
    scene = next(iter(sorted(SCENES.glob("*/*/*/game.tw-pddl"))), None)
    if python is None:
        raise CannotMeasure("RECODE_ALFWORLD_PYTHON names no interpreter that has alfworld")
    if scene is None:
        raise CannotMeasure("no ../shared/data/alfworld: the real scenes are not at hand")
    taken = [list(Session(python, scene).measure()) for _ in range(rounds)]
    for rows in zip(*taken, strict=True):
        yield _figure(rows, [whole[0].seconds for whole in taken])


def _figure(rows: Sequence[Row], runs: Sequence[float]) -> Figure:
    """The medians of one row of all rounds."""
    first = rows[0]
    seconds = statistics.median(row.seconds for row in rows)
    starting = statistics.median(row.starting for row in rows)
    calls = max(row.calls for row in rows)
    took = f"{seconds:.2f} s, {starting:.2f} s of it to start the game, {calls} policy calls; {first.ended}"
    if first.what == "run":
        return Figure(f"ALFWorld, run {first.actions} actions", took)
    ratio = statistics.median(row.seconds / run for row, run in zip(rows, runs, strict=True))
    what, value = f"ALFWorld, restore the {first.what}", f"{ratio:.0%} ({took})"
    if first.what == "middle":
        return Figure(what, value)
    return Figure(what, value, "<= 30 % of the run", ratio <= 0.3)


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
