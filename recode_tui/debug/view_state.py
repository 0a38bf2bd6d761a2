"""The session on the screen, and which moment of it is shown."""

from __future__ import annotations

from recode_core.timeline import Timeline
from recode_tui.debug.messages import OpenedSession, Position
from recode_tui.debug.view_frame import Frame


class ViewState:
    """A session, with the position of the debugger's cursor."""

    def __init__(self, session: OpenedSession, position: Position) -> None:
        self.session = session
        self.position = position
        self._culprits: dict[str, str] = {}

    def blamed(self, culprit: str) -> None:
        """Mark the node of the decision that `blame` found on the current branch, with "" none."""
        self._culprits = {self.position.timeline.branch: culprit}

    def frame(self, running: Timeline | None = None) -> Frame:
        """The moment at the cursor; while the run is `running`, the last stop of its timeline."""
        timeline, position = running or self.position.timeline, self.position
        stop = timeline.stop_at(position.cursor) if running is None else timeline.stops[-1]
        return Frame(
            log=self.session.log,
            timeline=timeline,
            n=stop.n,
            stop=stop,
            annotations=position.annotations,
            is_running=running is not None,
            known=len(self.session.log),
            step_limit=self.session.step_limit,
            is_read_only=bool(self.session.refusal),
            culprit=self._culprits.get(timeline.branch, ""),
            had_no_effect=self.session.had_no_effect,
        )
