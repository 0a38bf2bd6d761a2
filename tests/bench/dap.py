"""How long a `next` over recorded history takes through the Debug Adapter Protocol, beside a batch script.

One find-and-take loop is recorded. Then the same number of `next` goes over it from its start, in turn

- in a script: `run_script` executes and prints each;
- through `recode dap` in a process of its own: each request is sent after the stop before it.

    python -m tests.bench.dap [ROUNDS]

Rounds are short and alternate, so that the ratio holds when the machine is busy. It also prints how long
a `recode dap` takes to its first answer.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from recode_core.debugger import debug_session
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script, run_script
from tests.bench.engine import engine
from tests.bench.figures import Figure, show
from tests.bench.latency import recode

STEPS, ROUNDS = 10, 500


class Adapter:
    """A `recode dap` that is asked one thing after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen((*recode(), "dap"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin, self.process.stdout
        self._seq = 0

    def ask(self, command: str, event: str = "", **arguments: Any) -> None:
        """Send a request, and wait for its response, and for an event."""
        self.send(command, **arguments)
        self.wait(1, {"response", event} - {""})

    def send(self, command: str, **arguments: Any) -> None:
        """Send a request."""
        self._seq += 1
        request = {"seq": self._seq, "type": "request", "command": command, "arguments": arguments}
        content = json.dumps(request).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._in.flush()

    def wait(self, times: int, wanted: set[str]) -> None:
        """Wait until a response and events have come a number of times."""
        waiting = dict.fromkeys(wanted, times)
        while any(waiting.values()):
            message = _read(self._out)
            kind = message["event"] if message["type"] == "event" else "response"
            assert message.get("success", True), message
            if kind in waiting:
                waiting[kind] -= 1

    def close(self) -> None:
        """End the process."""
        self.ask("disconnect")
        self.process.wait()
        self._in.close()
        self._out.close()


def _read(out: IO[bytes]) -> dict[str, Any]:
    length = 0
    while (line := out.readline()) != b"\r\n":
        length = int(line.partition(b":")[2])
    found: dict[str, Any] = json.loads(out.read(length))
    return found


def first_answer() -> float:
    """Seconds from the start of the process to the response to `initialize`."""
    recode()  # compiles it
    began = time.perf_counter()
    adapter = Adapter()
    adapter.ask("initialize", adapterID="recode")
    seconds = time.perf_counter() - began
    adapter.close()
    return seconds


def in_a_script(console: Console, steps: int, first: int) -> float:
    """Seconds of a `next` in a script."""
    console.debugger.goto(first)
    script = read_script("next\n" * steps)
    with Path(os.devnull).open("w") as null:
        began = time.perf_counter()
        result = run_script(console, script, lambda line: print(line, file=null, flush=True))
        seconds = time.perf_counter() - began
    assert len(result.outcomes) == steps, result.error
    return seconds / steps


def through_the_protocol(adapter: Adapter, steps: int, first: int) -> float:
    """Seconds of a `next` with its response and the stop."""
    adapter.ask("goto", "stopped", threadId=1, targetId=first)
    began = time.perf_counter()
    for _ in range(steps):
        adapter.ask("next", "stopped", threadId=1)
    return (time.perf_counter() - began) / steps


def sent_ahead(adapter: Adapter, steps: int, first: int) -> float:
    """Seconds of a `next` where no request waits for the one before it."""
    adapter.ask("goto", "stopped", threadId=1, targetId=first)
    began = time.perf_counter()
    for _ in range(steps):
        adapter.send("next", threadId=1)
    adapter.wait(steps, {"response", "stopped"})
    return (time.perf_counter() - began) / steps


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """The first answer, and a `next` in both ways."""
    answers = [first_answer() for _ in range(5)]
    value = f"{statistics.median(answers):.2f} s, the fastest {min(answers):.2f} s"
    yield Figure("recode dap, first answer", value)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "loop.jsonl"
        engine(100, path)
        with closing(debug_session.open_readonly(path)) as opened:
            first, console = opened.debugger.timeline.stops[2].n, Console(opened.debugger)
            adapter = Adapter()
            adapter.ask("initialize", adapterID="recode")
            adapter.ask("launch", "initialized", file=str(path), readOnly=True)
            adapter.ask("configurationDone", "stopped")
            scripts, protocol, ahead = [], [], []
            for _ in range(rounds):
                scripts.append(in_a_script(console, STEPS, first))
                protocol.append(through_the_protocol(adapter, STEPS, first))
                ahead.append(sent_ahead(adapter, STEPS, first))
            adapter.close()
    for name, choose in (("fastest", min), ("median", statistics.median)):
        script = choose(scripts)
        for how, times in (("through DAP", protocol), ("through DAP, sent ahead", ahead)):
            took = choose(times)
            value = f"{took / script:.2f} x ({took * 1e6:.0f} to {script * 1e6:.0f} µs in a script)"
            yield Figure(f"next {how}, {name} of {rounds}", value)


if __name__ == "__main__":
    show(figures(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
