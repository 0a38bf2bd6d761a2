"""A person as the policy: every expansion is typed."""

from __future__ import annotations

from collections.abc import Callable

from recode_core.errors import RecodeError
from recode_core.policies.policy import FreePolicy, Reply, Request
from recode_core.policies.reply import ParsedReply


class NotWritten(RecodeError):
    """The person who was asked for an expansion wrote none; the run rests where it was."""


def _nobody(request: Request) -> None:
    """Where nobody can be asked, nothing is written."""


class Human(FreePolicy):
    """Asks a person, through `ask`, which gives the code that they wrote, or None.

    Without an `ask` the expansion can only be given to the debugger's `edit`, at the stop before the call.
    """

    model = "human"

    def __init__(
        self, ask: Callable[[Request], str | None] = _nobody, leave: Callable[[], None] = lambda: None
    ) -> None:
        self.sampling: dict[str, str | float | int] = {}
        self.ask = ask
        self.leave = leave

    def expand(self, request: Request, stream: Callable[[str], None]) -> Reply:
        """What was written. Raises NotWritten where nothing was."""
        code = self.ask(request)
        if code is None:
            raise NotWritten(
                f"nobody has written the code of {request.statement!r}: write it with edit, or ask again"
            )
        return Reply(str(ParsedReply("Written by a person.", code)))

    def abort(self) -> None:
        """Wait for the person no longer."""
        self.leave()
