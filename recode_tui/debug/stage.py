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
        self.follower = Follower(session.log, moment.branch, session.chronicle, session.lanes)

    def frame(self, is_running: bool) -> Frame | None:
        """The moment to be shown now; None while its records are still being read."""
        is_whole = self.follower.catch_up()
        line, moment = self.follower.chronicle, self.moment
        if not is_running and (not is_whole or self.follower.branch != moment.branch):
            return None
        rest = line.rests[-1] if is_running else line.rests[line.rest_at(moment.cursor)]
        return Frame(
            log=self.session.log,
            chronicle=line,
            branch=self.follower.branch,
            n=rest.n,
            rest=rest,
            marks=moment.marks,
            is_running=is_running,
            known=self.follower.lanes.taken,
            step_limit=self.session.step_limit,
        )
