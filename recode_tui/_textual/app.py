"""The driver of an app, and the handling of exceptions that nothing else handles.

Textual prints the traceback with the local variables of each frame, and ends the app. There is no public
method to override for that, and no public name for the driver.
"""

from __future__ import annotations

from textual.app import App, ReturnType
from textual.css.query import NoMatches
from textual.driver import Driver


class ErrorHandlingApp(App[ReturnType]):
    """An app that handles unhandled exceptions itself."""

    @property
    def driver(self) -> Driver | None:
        """The driver, once the app runs."""
        return self._driver

    def handle_error(self, error: Exception) -> None:
        """Called with an unhandled exception; must end the app."""
        raise NotImplementedError

    def _handle_exception(self, error: Exception) -> None:
        if self._exit and isinstance(error, NoMatches):
            return  # a message reached a screen whose widgets have been removed, or were never mounted
        self.handle_error(error)
