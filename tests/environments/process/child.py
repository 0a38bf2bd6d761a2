"""A game's module whose answers are faults: the verb says which."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any


class Damaged(Exception):
    lack = "data"


def answer(verb: str, argument: str) -> Any:
    if verb == "import":
        raise ModuleNotFoundError(f"No module named {argument!r}")
    if verb == "damaged":
        raise Damaged(argument)
    if verb == "hang":
        time.sleep(600)
    if verb == "chatter":
        while True:
            print("for ever", flush=True)
    if verb == "signal":
        os.kill(os.getpid(), signal.Signals[argument])
        time.sleep(600)
    if verb == "exit":
        print("a last word", file=sys.stderr, flush=True)
        os._exit(int(argument))
    if verb == "print":
        print("noise" * int(argument))
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 — as a library does
    if verb == "big":
        return "x" * int(argument)
    if verb == "lone":
        return "\ud800"
    if verb == "child":
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid
    return argument
