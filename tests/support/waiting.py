"""Waiting for a state instead of for a time."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 120.0
"""Seconds until a wait gives up: long, because a loaded machine is slow."""


def wait_until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Block until `holds()` is true; fail the test after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"gave up waiting after {seconds:g} s"
        time.sleep(0.005)
