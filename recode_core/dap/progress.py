"""Progress reports about a request that takes long: what the run waits for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from recode_core.dap.client import Client

if TYPE_CHECKING:
    from recode_core.debugger.wait import Wait

_DELAY = 1.0  # seconds until a wait is reported
_EVERY = 0.5  # seconds between updates


class ProgressReports:
    """The progress reports of a client. It belongs to one thread."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._started = 0
        self._is_open = False
        self._updated = 0.0

    @property
    def id(self) -> str:
        """The id of the last report."""
        return f"wait-{self._started}"

    def update(self, began: float, wait: Wait | None) -> None:
        """Report a request that began at a time (monotonic seconds) and waits for `wait`."""
        now = time.monotonic()
        if not self._client.properties.supports_progress_reporting or now - began < _DELAY:
            return
        if not self._is_open:
            self._started += 1
            self._is_open, self._updated = True, now
            self._client.event(
                "progressStart",
                {"progressId": self.id, "title": "recode", "cancellable": True} | _report(began, wait),
            )
        elif now - self._updated >= _EVERY:
            self._updated = now
            self._client.event("progressUpdate", {"progressId": self.id} | _report(began, wait))

    def end(self) -> None:
        """The request is over."""
        if self._is_open:
            self._is_open = False
            self._client.event("progressEnd", {"progressId": self.id})


def _report(began: float, wait: Wait | None) -> dict[str, Any]:
    seconds = time.monotonic() - (wait.since if wait is not None else began)
    found: dict[str, Any] = {"message": f"{_text(wait)} ({seconds:.0f} s)"}
    if wait is not None and wait.kind == "replay" and wait.total:
        found["percentage"] = 100 * wait.done // wait.total
    return found


def _text(wait: Wait | None) -> str:
    match wait:
        case None:
            return "running"
        case _ if wait.kind == "model":
            return f"waiting for {wait.name or 'the model'}"
        case _ if wait.kind == "replay":
            return f"repeating recorded actions, {wait.done} of {wait.total}"
        case _ if wait.kind == "person":
            return "waiting for a person"
    return f"waiting for the environment: {wait.name or 'reset'}"
