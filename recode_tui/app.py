"""The terminal app: themes, and which screen is shown."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.theme import ThemeProvider
from textual.widgets import Input, TextArea

from recode_tui import ending, screenshot
from recode_tui._textual.app import ErrorHandlingApp
from recode_tui.job_control import JobControl
from recode_tui.themes import DARK, THEMES, defaults_for
from recode_tui.widgets.dismissable import PaletteScreen

if TYPE_CHECKING:
    from recode_tui.debug.session_screen import SessionScreen
    from recode_tui.home.screen import HomeScreen
    from recode_tui.session_sources import Open


FAILED = "recode itself has failed"
_INTERRUPTED = "interrupted"


class Ending(Exception):
    """Why the app has ended, where the user did not wish it.

    Where the fault is ours there is a `trace`, and `texts` are those that were edited and not accepted.
    """

    def __init__(self, message: str, code: int, trace: str = "", texts: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.trace = trace
        self.texts = texts


class RecodeApp(ErrorHandlingApp[Ending | None]):
    """The app, opened on a session or at home. It ends when the first screen is left."""

    TITLE = "ReCode"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+z",
            "suspend_process",
            "suspend; the shell's fg brings it back",
            show=False,
            priority=True,  # in dialogs, too
            tooltip="Suspend; the shell's fg brings it back",
        )
    ]

    def __init__(self, sessions_dir: Path, open_session: Open | None = None) -> None:
        super().__init__()
        self._sessions_dir = sessions_dir
        self._open_session = open_session
        self._job_control: JobControl | None = None
        self.recorded: Path | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def get_driver_class(self) -> type[Driver]:
        """Instead of Textual's own driver for a terminal, one that notices when it goes away."""
        usual = super().get_driver_class()
        if os.name != "posix":
            return usual
        from recode_tui._textual import driver

        return driver.driver_class(usual)

    def end(self) -> None:
        """End because the program is asked to from outside. The screens give back what they hold."""
        self.exit(Ending(_INTERRUPTED, ending.INTERRUPTED))

    def on_session_screen_recorded(self, message: SessionScreen.Recorded) -> None:
        self.recorded = message.path

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults_for(self.current_theme)

    def on_mount(self) -> None:
        if os.name == "posix":
            from recode_tui._textual.driver import TerminalDriver

            if isinstance(self.driver, TerminalDriver):
                self._job_control = JobControl(self.driver, lambda: self.refresh(layout=True))
        if self._open_session is None:
            from recode_tui.home.screen import HomeScreen  # a session is there without it

            self.push_screen(HomeScreen(self._sessions_dir))
        else:
            self._debug(self._open_session)

    def _debug(self, open_session: Open) -> None:
        from recode_tui.debug.screen import DebugScreen  # home is there without it

        if not any(isinstance(screen, DebugScreen) for screen in self.screen_stack):  # enter, pressed twice
            self.push_screen(DebugScreen(open_session))

    def on_home_screen_run_chosen(self, message: HomeScreen.RunChosen) -> None:
        from recode_tui import session_sources

        self._debug(
            session_sources.new_run(message.settings, session_sources.path_of_new(self._sessions_dir))
        )

    def on_home_screen_session_chosen(self, message: HomeScreen.SessionChosen) -> None:
        from recode_tui import session_sources

        is_replay = message.mode == "replay"
        path = message.path
        self._debug(
            session_sources.recording(path)
            if is_replay
            else session_sources.session(path, self._sessions_dir)
        )

    def handle_error(self, error: Exception) -> None:
        """End the app with a message, and keep the texts that were edited."""
        trace = "".join(traceback.format_exception(error))
        self.exit(Ending(FAILED, 70, trace, self.edited_texts()))

    def edited_texts(self) -> list[str]:
        """The texts in open editors and of drafts that were not accepted yet."""
        from recode_tui.debug.dialogs.editing import EditingScreen
        from recode_tui.debug.screen import DebugScreen

        texts: list[str] = []
        for screen in self.screen_stack:
            if isinstance(screen, DebugScreen):
                texts += screen.controller.drafts.texts
            elif isinstance(screen, EditingScreen) and screen.is_changed:
                texts.append(screen.compared()[1])
        return texts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where text is typed, ctrl+z undoes."""
        if action == "suspend_process":
            return not isinstance(self.focused, Input | TextArea)
        return super().check_action(action, parameters)

    def action_suspend_process(self) -> None:
        """Stop, until the shell brings the job back to the foreground."""
        if self._job_control is None or not self._job_control.can_stop:
            why = "ctrl+z needs a shell that can bring recode back; none started this one"
            self.notify(why, severity="warning", markup=False)
        else:
            self._job_control.stop()

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(PaletteScreen(id="--command-palette"))

    def search_themes(self) -> None:
        self.push_screen(PaletteScreen([ThemeProvider], placeholder="a theme"))

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """A picture goes to where the sessions are."""
        screenshot.save(self, Path(path) if path else self._sessions_dir, filename)
        return None

    def on_session_screen_over(self, message: SessionScreen.Over) -> None:
        """Back home, or out."""
        self.recorded = message.path or self.recorded
        if self._open_session is not None or message.trace:
            why = message.error or (FAILED if message.trace else "")
            texts = self.edited_texts() if message.trace else ()
            self.exit(Ending(why, message.code, message.trace, texts) if why else None)
            return
        from recode_tui.debug.screen import DebugScreen

        for screen in self.screen_stack:
            if isinstance(screen, DebugScreen):
                screen.dismiss()
        if message.error:
            self.notify(message.error, severity="error", markup=False, timeout=20)
