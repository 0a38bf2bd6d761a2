"""What stands between the engine and the panels: which moment is to be shown."""

from __future__ import annotations

from recode_core.timeline import Timeline
from recode_tui.debug.messages import Moment, Session
from recode_tui.debug.view_frame import Frame


class Stage:
    """A session, and the moment of it that is shown: the user's, or the run's own while it goes on."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self.session = session
        self.moment = moment

    def frame(self, running: Timeline | None = None) -> Frame:
        """The moment to be shown now; of a run that goes on, the last stop of the timeline it is on."""
        timeline, moment = running or self.moment.timeline, self.moment
        stop = timeline.stop_at(moment.cursor) if running is None else timeline.stops[-1]
        return Frame(
            log=self.session.log,
            timeline=timeline,
            n=stop.n,
            stop=stop,
            annotations=moment.annotations,
            is_running=running is not None,
            known=len(self.session.log),
            step_limit=self.session.step_limit,
        )
