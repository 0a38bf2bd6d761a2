"""What stands between the engine and the panels: which moment is to be shown, as far as is known."""

from __future__ import annotations

from recode_tui.debug.follower import Follower
from recode_tui.debug.frame import Frame
from recode_tui.debug.news import Moment, Session


class Stage:
    """A session, and the moment of it that is shown: the user's, or the run's own while it goes on."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self.session = session
        self.moment = moment
        self.follower = Follower(session.log, moment.branch, session.timeline, session.branches)

    def frame(self, is_running: bool) -> Frame | None:
        """The moment to be shown now; None while its records are still being read."""
        is_whole = self.follower.catch_up()
        line, moment = self.follower.timeline, self.moment
        if not is_running and (not is_whole or self.follower.branch != moment.branch):
            return None
        stop = line.stops[-1] if is_running else line.stops[line.stop_index(moment.cursor)]
        return Frame(
            log=self.session.log,
            timeline=line,
            branch=self.follower.branch,
            n=stop.n,
            stop=stop,
            marks=moment.marks,
            is_running=is_running,
            known=self.follower.branches.added,
            step_limit=self.session.step_limit,
        )
