"""The terminal app: themes, the first screen, and the exit."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

import msgspec
from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme, ThemeProvider

from recode_tui import config, preferences, screenshot, shutdown
from recode_tui._textual.app import ErrorHandlingApp
from recode_tui.debug import key_bindings, keys
from recode_tui.emoji_filter import EmojiFilter
from recode_tui.job_control import JobControl
from recode_tui.text import plain
from recode_tui.themes import DARK, THEMES, defaults_for
from recode_tui.widgets.dismissable import PaletteScreen

if TYPE_CHECKING:
    from recode_tui.debug.panels.status import StatusBar
    from recode_tui.debug.screen import DebugScreen
    from recode_tui.debug.session_screen import SessionScreen
    from recode_tui.home.screen import HomeScreen
    from recode_tui.session_sources import Open


_EMOJI = EmojiFilter()  # one object, since lines keep what a filter made of them
CRASHED = "recode itself has failed"


class AppExit(msgspec.Struct, frozen=True):
    """An exit that the user did not ask for, with the exit code.

    After a crash there is a `trace`, and `texts` are those in editors and drafts that were not accepted.
    """

    message: str
    code: int
    trace: str = ""
    texts: Sequence[str] = ()


@runtime_checkable
class AsksToLeave(Protocol):
    """A screen that asks before something is lost."""

    def action_leave(self) -> None: ...


class RecodeApp(ErrorHandlingApp[AppExit | None]):
    """Opens a session, or the home screen. Exits when that screen is left."""

    TITLE = "ReCode"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+z",
            "suspend_process",
            "suspend; continue with fg",
            show=False,
            priority=True,  # in dialogs, too
            tooltip="Suspend; the shell's fg continues",
        ),
        Binding("f1", "help", "help", show=False, priority=True, tooltip="Show the keys of the screen"),
    ]

    def __init__(self, sessions_dir: Path, open_session: Open | None = None) -> None:
        super().__init__()
        self._sessions_dir = sessions_dir
        self._open_session = open_session
        self._job_control: JobControl | None = None
        self._debugger: DebugScreen | None = None
        self.recorded: Path | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.config = config.load()
        """The user's settings."""
        keys.use(self.config.keys)
        chosen = preferences.load(self.config).theme
        self.theme = chosen if chosen in self.available_themes else DARK.name

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, or for a Unix terminal one that notices the loss of the terminal."""
        default = super().get_driver_class()
        if os.name != "posix":
            return default
        from recode_tui._textual import driver

        return driver.driver_class(default)

    def interrupt(self) -> None:
        """Exit because a shutdown was requested from outside."""
        self.exit(AppExit("interrupted", shutdown.INTERRUPTED))

    def on_session_screen_path_changed(self, message: SessionScreen.PathChanged) -> None:
        self.recorded = message.path

    def on_session_screen_command_ended(self, message: SessionScreen.CommandEnded) -> None:
        """Ring the bell after a long command, if the user wants that."""
        if self.config["bell"] and message.seconds >= float(self.config["bell_after"]):
            self.bell()

    def on_status_bar_summarized(self, message: StatusBar.Summarized) -> None:
        self._show_title(message.text)

    def _show_title(self, text: str) -> None:
        """Show a text in the title of the terminal, unless the user wants none."""
        if self.config["title"] and os.name == "posix":
            from recode_tui._textual import driver

            driver.set_title(self, f"{text} · recode" if text else "recode")

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), _EMOJI]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults_for(self.current_theme)

    def on_mount(self) -> None:
        if os.name == "posix":
            from recode_tui._textual.driver import TerminalDriver

            if isinstance(self.driver, TerminalDriver):
                self._job_control = JobControl(self.driver, lambda: self.refresh(layout=True))
        self.theme_changed_signal.subscribe(self, self._theme_changed)
        self.set_keymap(key_bindings.keymap())
        self._show_title("")
        self._show_problems()
        if self._open_session is None:
            from recode_tui.home.screen import HomeScreen  # not needed for a session

            self.push_screen(HomeScreen(self._sessions_dir))
            self._import_debugger()
        else:
            self._debug(self._open_session)

    @work(thread=True)
    def _import_debugger(self) -> None:
        """Import the debugger while the user looks at the home screen, so that a session opens at once."""
        import recode_tui.debug.screen  # noqa: F401

    def _theme_changed(self, theme: Theme) -> None:
        before = preferences.load(self.config).theme or DARK.name
        if theme.name == before:  # it is published at the start, too
            return
        preferences.save_theme(theme.name)
        if written := self.config.given.get("theme"):
            text = f"config.toml sets the theme: it is {written} again at the next start"
            self.notify(text, markup=False)

    def _show_problems(self) -> None:
        """Say what is wrong in the user's file; the app starts with the defaults for that."""
        if problems := self.config.problems:
            more = f"\nand {len(problems) - 3} more: recode config --check" if len(problems) > 3 else ""
            text = plain("\n".join(problems[:3])) + more
            self.notify(text, title="config.toml", severity="warning", markup=False, timeout=30)

    def _debug(self, open_session: Open) -> None:
        from recode_tui.debug.screen import DebugScreen  # slow to import

        if not self._is_debugging:  # else enter was pressed twice
            self._debugger = DebugScreen(open_session)
            self.push_screen(self._debugger)

    @property
    def _is_debugging(self) -> bool:
        return self._debugger is not None and self._debugger in self.screen_stack

    def on_home_screen_run_chosen(self, message: HomeScreen.RunChosen) -> None:
        from recode_tui import session_sources

        self._debug(
            session_sources.new_run(message.settings, session_sources.new_session_path(self._sessions_dir))
        )

    def on_home_screen_demo_chosen(self) -> None:
        from recode_tui import session_sources

        self._debug(session_sources.demo(session_sources.new_session_path(self._sessions_dir)))

    def on_home_screen_session_chosen(self, message: HomeScreen.SessionChosen) -> None:
        from recode_tui import session_sources

        if message.mode == "replay":
            self._debug(session_sources.recording(message.path, at=message.at))
        elif message.mode == "follow":
            self._debug(session_sources.following(message.path))
        else:
            self._debug(session_sources.session(message.path, self._sessions_dir))

    def handle_error(self, error: Exception) -> None:
        """Exit with a message, and keep the texts that were edited."""
        trace = "".join(traceback.format_exception(error))
        self.exit(AppExit(CRASHED, 70, trace, self.edited_texts()))

    def edited_texts(self) -> list[str]:
        """The texts in editors and drafts that were not accepted."""
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
        """Disable ctrl+z in text fields, where it undoes, and the command line where there is none."""
        if action == "command_line":
            return self._is_debugging
        if action == "suspend_process":
            return not hasattr(self.focused, "action_undo")
        return super().check_action(action, parameters)

    def action_suspend_process(self) -> None:
        """Stop until the shell continues the job in the foreground."""
        if self._job_control is None or not self._job_control.can_stop:
            message = "ctrl+z needs a shell that can continue recode, and no shell started it"
            self.notify(message, severity="warning", markup=False)
        else:
            self._job_control.stop()

    def action_command_palette(self) -> None:
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            self.push_screen(PaletteScreen(id="--command-palette"))

    async def action_help(self) -> None:
        """Show the keys of the screen on top: its own help, or a list of its bindings."""
        from recode_tui.help_screen import HelpScreen  # after the first frame

        screen = self.screen
        if not isinstance(screen, HelpScreen) and not await self.run_action("screen.help"):
            self.push_screen(HelpScreen(screen.active_bindings, (), ("Screen", "Dialog")))

    async def action_quit(self) -> None:
        """Leave the screen on top that would lose something, which asks first; else exit."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, AsksToLeave):
                screen.action_leave()
                return
        await super().action_quit()

    async def action_command_line(self) -> None:
        """Close every dialog as escape does, and open the command line, unless one stays open."""
        debugger = self._debugger
        for _ in range(2 * len(self.screen_stack)):  # escape may only end a search
            if self.screen is debugger:
                break
            if (escape := self.screen.active_bindings.get("escape")) is not None:
                await self.run_action(escape.binding.action, escape.node)
        if debugger is not None and self.screen is debugger:
            debugger.begin_command("")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's own commands that a user understands; its panel of keys is replaced by the help."""
        yield SystemCommand("Help", "Show the keys of the screen", self.action_help)
        for command in super().get_system_commands(screen):
            if command.title in ("Theme", "Quit", "Screenshot"):
                yield command

    def search_themes(self) -> None:
        self.push_screen(PaletteScreen([ThemeProvider], placeholder="a theme"))

    def deliver_screenshot(
        self, filename: str | None = None, path: str | None = None, time_format: str | None = None
    ) -> str | None:
        """Save a screenshot, in the folder of sessions unless `path` is another."""
        screenshot.save(self, Path(path) if path else self._sessions_dir, filename)
        return None

    def on_session_screen_continuation_requested(self, message: SessionScreen.ContinuationRequested) -> None:
        """Open a copy of a recording in its place."""
        from recode_tui import session_sources

        if self._debugger is not None:
            self._debugger.dismiss()
        at = message.branch, message.n
        self._debug(session_sources.continuation(message.path, self._sessions_dir, *at, message.most))

    def on_session_screen_session_closed(self, message: SessionScreen.SessionClosed) -> None:
        """Return to the home screen, or exit."""
        self.recorded = message.path or self.recorded
        if self._open_session is not None or message.trace:
            error = message.error or (CRASHED if message.trace else "")
            texts = self.edited_texts() if message.trace else ()
            self.exit(AppExit(error, message.code, message.trace, texts) if error else None)
            return
        from recode_tui.home.screen import HomeScreen

        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen) and message.path is not None:
                screen.show_session(message.path)
        self._show_title("")
        if self._debugger is not None:
            self._debugger.dismiss()
        if message.error:
            self.notify(message.error, severity="error", markup=False, timeout=20)
