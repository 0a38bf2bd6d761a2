"""The session on the screen, and which moment of it is shown."""

from __future__ import annotations

from msgspec.structs import replace

from recode_core.timeline import Timeline
from recode_tui.debug.messages import OpenedSession, Position
from recode_tui.debug.view_frame import Frame

_KEPT = 3  # timelines of other branches


class ViewState:
    """A session, with the position of the debugger's cursor.

    `follow` is the state of a run that is followed while another process writes it.
    `preview` is a record of a timeline that is shown instead of the cursor's. `timelines` are those of other
    branches that were read last.
    """

    def __init__(self, session: OpenedSession, position: Position) -> None:
        self.session = session
        self.follow = session.follow
        self.position = position
        self.preview: tuple[Timeline, int] | None = None
        self.timelines: dict[str, Timeline] = {}
        self._culprits: dict[str, str] = {}

    @property
    def is_followed_running(self) -> bool:
        """Whether another process goes on with the run."""
        return self.follow is not None and self.follow.kind == "running"

    def blamed(self, culprit: str) -> None:
        """Mark the node of the decision that `blame` found on the current branch, with "" none."""
        self._culprits = {self.position.timeline.branch: culprit}

    def frame(self, running: Timeline | None = None) -> Frame:
        """The moment that is previewed, else the one at the cursor; while the run is `running`, the last stop
        of its timeline.
        """
        timeline, position = running or self.position.timeline, self.position
        stop = timeline.stop_at(position.cursor) if running is None else timeline.stops[-1]
        present = Frame(
            log=self.session.log,
            timeline=timeline,
            n=stop.n,
            stop=stop,
            annotations=position.annotations,
            is_running=running is not None or (self.is_followed_running and stop.n == timeline.stops[-1].n),
            known=len(self.session.log),
            step_limit=self.session.step_limit,
            is_read_only=bool(self.session.refusal),
            culprit=self._culprits.get(timeline.branch, ""),
            had_no_effect=self.session.had_no_effect,
        )
        if self.preview is None:
            return present
        timeline, n = self.preview
        stop = timeline.stop_at(n)
        return replace(present, timeline=timeline, n=stop.n, stop=stop, is_running=False, present=present)

    def read(self, branch: str) -> None:
        """Build the timeline of a branch from its records, and keep it."""
        timeline = Timeline(self.session.log.line(branch), branch)
        kept = [(name, known) for name, known in self.timelines.items() if name != branch][1 - _KEPT :]
        self.timelines = {**dict(kept), branch: timeline}
