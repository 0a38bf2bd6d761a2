"""A policy that asks a person to write each expansion."""

from __future__ import annotations

from collections.abc import Callable

from recode_core.errors import RecodeError
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.policies.reply import ParsedReply


class NotWritten(RecodeError):
    """The person wrote no expansion; the run stays stopped before the call."""


def _write_nothing(request: Request) -> None:
    """The default `ask`, for runs without a person to ask."""


class Human(FreePolicy):
    """Asks a person through `ask`, which returns the code that they wrote, or None.

    Without `ask`, an expansion can only be written with the debugger's `edit`, at the stop before the call.
    """

    model = "human"

    def __init__(
        self, ask: Callable[[Request], str | None] = _write_nothing, leave: Callable[[], None] = lambda: None
    ) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.ask = ask
        self.leave = leave

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """Return the code as a reply. Raises NotWritten if there is none."""
        code = self.ask(request)
        if code is None:
            raise NotWritten(
                f"the code of {request.statement!r} has not been written: write it with edit, or ask again"
            )
        return Reply(str(ParsedReply("Written by a person.", code)))

    def abort(self) -> None:
        """Stop waiting for the person."""
        self.leave()
