"""What the panels show: one moment of one line of records."""

from __future__ import annotations

from dataclasses import dataclass

from recode_core.debugger.chronicle import Chronicle
from recode_core.debugger.marks import Marks
from recode_core.debugger.rests import Rest
from recode_core.events import Event, RunImported
from recode_core.log import Log
from recode_core.result import imported_as


@dataclass(frozen=True, eq=False)
class Frame:
    """A moment: what there was after record `n`. Each frame is another one, even of the same moment.

    `rest` is the stop at `n`, `is_running` says that the run goes on meanwhile, `known` is how many records
    of the session were read so far, `step_limit` is the environment's (0: unknown).
    """

    log: Log
    chronicle: Chronicle
    branch: str
    n: int
    rest: Rest
    marks: Marks
    is_running: bool = False
    known: int = 0
    step_limit: int = 0

    @property
    def event(self) -> Event | None:
        """What the stop is at, as its record says; None at the start."""
        return self.chronicle.event_of(self.rest)

    @property
    def imported(self) -> RunImported | None:
        """What is known of an imported run as a whole: its single actions and calls are not."""
        return imported_as(self.chronicle.records)

    @property
    def node(self) -> str:
        """The node that the run stands at; the root before there is any."""
        return self.rest.place.node if self.rest.place is not None else "0"
