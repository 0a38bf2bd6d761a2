"""Law 7: no generated code can read a file, reach the network, outlive its limits, or print to a terminal."""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from recode_core.events import ExpansionRefused, StatementFailed
from recode_core.interpreter import Interpreter, Raised, SandboxLimits
from recode_core.testing import MakeRun
from tests.support.waiting import PATIENCE

SECONDS = 0.15
GRACE = 1.5  # what the sandbox itself grants a worker that doesn't listen, and a slow machine
LIMITS = SandboxLimits(seconds=SECONDS, memory_mb=64)

BOMBS = [
    "while True: pass",
    "x = [0]\nfor i in x: x.append(i)",
    "x = 'a' * 10**10",
    "x = [0] * 10**9",
    "x = []\nwhile True: x.append('a' * 1000)",
    "9 ** 9 ** 9",
    "int('9' * 4000) ** 5000",
    "f = lambda: f()\nf()",
    "sum(range(10**12))",
    "list(range(10**10))",
    "'%1000000000d' % 1",
    "f'{1:>1000000000}'",
    "'a'.zfill(10**10)",
    "bytes(10**10)",
    "'x'.join(['y' * 10**6] * 10**5)",
    "x = {}\nfor i in range(10**9): x[i] = i",
    "import itertools\nlist(itertools.product(range(1000), repeat=5))",
    "import math\nmath.factorial(10**7)",
    "import hashlib\nhashlib.pbkdf2_hmac('sha256', b'a', b'b', 10**9)",
    "try:\n    while True: pass\nexcept BaseException:\n    while True: pass",
    "for i in range(10**9): print('x' * 1000)",
    "import json\njson.loads('[' * 100000)",
    "eval('(' * 10000)",
]

ESCAPES = [
    "open({file!r}).read()",
    "open({file!r}, 'w').write('spoilt')",
    "import pathlib\npathlib.Path({file!r}).read_text()",
    "import pathlib\npathlib.Path({file!r}).write_text('spoilt')",
    "import pathlib\npathlib.Path({file!r}).unlink()",
    "import pathlib\nlist(pathlib.Path('/').iterdir())",
    "import csv\nlist(csv.reader(open({file!r})))",
    "import tomllib\ntomllib.load(open({file!r}, 'rb'))",
    "import hashlib\nhashlib.file_digest(open({file!r}, 'rb'), 'md5')",
    "import os\nos.remove({file!r})",
    "import os\nos.environ['HOME']",
    "import os\nos.getenv('HOME')",
    "import os\nos.system('true')",
    "import os\nos.kill(0, 9)",
    "import os\nos.listdir('/')",
    "import subprocess",
    "import socket",
    "import ctypes",
    "import urllib.request",
    "import http.client",
    "import threading",
    "import importlib",
    "import builtins",
    "import sys\nsys.modules['os']",
    "import sys\nsys.exit(3)",
    "import sys\nsys.stdout.write('leak')",
    "import asyncio\nasyncio.open_connection('127.0.0.1', {port})",
    "__import__('os').system('true')",
    "eval(\"__import__('os')\")",
    "().__class__.__base__.__subclasses__()",
    "(lambda: 0).__globals__['x']",
    "print.__self__",
    "getattr([], '__class__').__mro__",
    "exit(3)",
    "input('leak')",
    "breakpoint()",
    "raise KeyboardInterrupt()",
    "raise BaseException('leak')",
]


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    """One sandbox for all of them: what one of them broke, the next would find."""
    with closing(Interpreter(LIMITS)) as interpreter:
        interpreter.feed("keep = 1\nNone")
        yield interpreter


@pytest.mark.parametrize("code", BOMBS)
def test_a_bomb_ends_within_its_limits_and_harms_only_itself(interpreter: Interpreter, code: str) -> None:
    turn = interpreter.feed(f"{code}\nNone")
    assert isinstance(turn, Raised)
    assert interpreter.evaluate("keep").value == "1"


@pytest.mark.parametrize("code", ESCAPES)
def test_a_way_out_of_the_sandbox_is_closed(interpreter: Interpreter, code: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("whole")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        turn = interpreter.feed(code.format(file=str(secret), port=server.getsockname()[1]) + "\nNone")
        with pytest.raises(TimeoutError):
            server.accept()
    assert isinstance(turn, Raised)
    assert secret.read_text() == "whole"
    assert interpreter.evaluate("keep").value == "1"


def test_the_sandbox_sees_no_clock_and_no_chance_of_the_machine() -> None:
    code = (
        "import datetime, random, time\nstr((datetime.datetime.now(), time.time(), random.random(), id([])))"
    )
    with closing(Interpreter(LIMITS)) as one, closing(Interpreter(LIMITS)) as other:
        assert one.feed(code) == other.feed(code)


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n    pass",
        "import itertools\nfor i in itertools.count():\n    x = i",
        "x = [0]\nfor i in x:\n    x.append(i)",
        "while True:\n    for i in range(3):\n        continue",
    ],
)
def test_a_loop_without_an_end_fails_like_any_statement_that_takes_too_long(
    make_run: MakeRun, loop: str
) -> None:
    played = make_run(f"keep = 1\n{loop}", sandbox=LIMITS)
    assert played.to_end().outcome == "failed"
    failed = played.events(StatementFailed)
    assert failed[0].failure.type in ("TimeoutError", "MemoryError")


@pytest.mark.parametrize(
    "code",
    [
        "x = eval('exec')\nx('def run(a): return a')\ny = [run('a') for i in range(2)]",
        "eval('exec')('run = len')\nfor i in range(2):\n    y = (lambda: run('a'))()",
        "eval('(run := len)')\ny = [run('a')]",
    ],
)
def test_no_code_can_put_something_else_in_the_place_of_run(make_run: MakeRun, code: str) -> None:
    played = make_run(code)
    assert played.to_end().outcome == "failed"
    refused, failed = played.events(ExpansionRefused), played.events(StatementFailed)
    assert refused or failed
    assert "y" not in played.values()


def test_nothing_reaches_the_terminal_of_the_process() -> None:
    programs = [
        "print('leak')",
        "import sys\nprint('leak', file=sys.stderr)",
        "import sys\nsys.stdout.write('leak')",
        "x = 'x'.join(['y' * 10**6] * 10**5)",
        "x = [0] * 10**9",
        "int('9' * 4000) ** 5000",
        "f = lambda: f()\nf()",
        "import warnings",
        "x = '\\d'",
        "try:\n    print(run('leak'))\nfinally:\n    print('leak')",
    ]
    script = f"""
        from recode_core.interpreter import Called, Interpreter, SandboxLimits
        for code in {programs!r}:
            interpreter = Interpreter(SandboxLimits(seconds={SECONDS}, memory_mb=64))
            turn = interpreter.feed(code + "\\nNone")
            while isinstance(turn, Called):
                interpreter.evaluate("print('leak')")
                turn = interpreter.answer("leak")
            interpreter.variables(["x"])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
