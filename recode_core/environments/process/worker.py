"""The child's side of the protocol: answers requests by calling a game's module.

    PYTHON worker.py FD MODULE

Runs on Python 3.9 or later and imports nothing of this project. MODULE is the path of a file with
`answer(verb, argument)`, which returns JSON values. An exception may have an attribute `lack`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import threading
from importlib import util
from typing import Any


def main(fd: int, module: str) -> None:
    """Answer requests until the connection is closed."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 — before the game's imports
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or ".") != here]  # noqa: PTH100
    os.set_inheritable(fd, False)
    channel = socket.socket(fileno=fd)
    threading.Thread(target=_end_with, args=(fd,), daemon=True).start()
    game = _load(module)
    for line in channel.makefile("rb"):
        request = json.loads(line)
        channel.sendall(json.dumps(_answer(game, **request)).encode() + b"\n")
    _end()


def _end_with(fd: int) -> None:
    """Kill this process and its children when the other end closes the connection, even during a request."""
    watch = select.poll()
    watch.register(fd, 0)
    watch.poll()
    _end()


def _end() -> None:
    os.killpg(0, signal.SIGKILL)


def _load(module: str) -> Any:
    spec = util.spec_from_file_location("recode_game", module)
    assert spec is not None and spec.loader is not None
    game = util.module_from_spec(spec)
    spec.loader.exec_module(game)
    return game


def _answer(game: Any, verb: str, argument: str) -> dict[str, Any]:
    try:
        return {"type": "answer", "value": game.answer(verb, argument)}
    except Exception as error:
        lack = "package" if isinstance(error, ImportError) else getattr(error, "lack", "failure")
        return {"type": "fault", "lack": lack, "why": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
