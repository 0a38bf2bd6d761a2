"""The tour on the debugger's screen: offered once, started, left and taken up again with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from recode_tui import preferences
from recode_tui.demo.bar import TourBar
from recode_tui.demo.steps import KEY, OFFER, STEPS
from recode_tui.demo.tour import Above, Tour, TourSituation

if TYPE_CHECKING:
    from recode_core.session import Settings
    from recode_tui.debug.session_screen import SessionScreen

_TICK = 0.1  # seconds between two looks at the screen, while a tour is shown


class TourGuide:
    """Shows a screen's tour, if its session is a demo that can be continued."""

    def __init__(self, screen: SessionScreen) -> None:
        self._screen = screen
        self._tour: Tour | None = None
        self._timer: Timer | None = None
        self.is_here = False
        """Whether there is a tour of this session."""

    def opened(self, settings: Settings, *, is_read_only: bool) -> None:
        """A session is open: offer the tour the first time that one is a demo."""
        from recode_core import demo  # imports the environments and the sessions

        is_demo = settings.policy == demo.NAME and settings.task == demo.SETTINGS.task
        self.is_here = is_demo and not is_read_only
        if self.is_here and self._tour is None and not preferences.load().is_tour_offered:
            preferences.save_tour_offered()
            self._bar.shown = "", KEY, OFFER

    @property
    def is_offered(self) -> bool:
        """Whether the tour is offered, and not begun."""
        return self._bar.shown is not None and self._timer is None

    def withdraw(self) -> None:
        """The offer was read: hide it."""
        if self.is_offered:
            self._bar.shown = None

    def toggle(self) -> None:
        """Start the tour, leave it, or take it up again where it was left."""
        if self._timer is None:
            self._start()
        else:
            self._leave()

    def _start(self) -> None:
        if self._tour is None or self._tour.is_over:
            self._tour = Tour(STEPS)
        self._timer = self._screen.set_interval(_TICK, self.update)
        self.update()

    def _leave(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._bar.shown = None
        if self._tour is not None and not self._tour.is_over:
            self._screen.report("info", f"{KEY} takes the tour up again at step {self._tour.count}")

    def update(self) -> None:
        """Show the step that the user is at now, if the tour is on."""
        tour, situation = self._tour, self._situation
        if self._timer is not None and tour is not None and situation is not None:
            tour.see(situation)
            self._bar.shown = tour.count, tour.keys, tour.text

    @property
    def _bar(self) -> TourBar:
        return self._screen.query_one(TourBar)

    @property
    def _situation(self) -> TourSituation | None:
        """The state that the tour waits on; None before the first frame, and while a command is running."""
        screen, frame = self._screen, self._screen.controller.frame
        if frame is None or screen.is_working:
            return None
        rows = screen.controller.transcript.rows
        return TourSituation(
            stop=frame.stop.kind,
            node=frame.node,
            branch=frame.branch,
            outcome=frame.moment.outcome if frame.stop.kind == "end" else None,
            culprit=frame.culprit,
            panel=screen.panel_of(screen.focused),
            tab=screen.code.tab,
            above=self._above,
            commands=frozenset(row.text for row in rows if row.kind == "command"),
        )

    @property
    def _above(self) -> Above:
        above = self._screen.app.screen
        if above is self._screen:
            return ""
        from recode_tui.debug.dialogs.compare import CompareScreen  # after the first dialog

        return "compare" if isinstance(above, CompareScreen) else "other"
