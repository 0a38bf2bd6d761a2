"""Calling code of other packages: its exceptions become errors of ours that name file and line."""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from recode_core.entry_points.fields import BadValue
from recode_core.errors import RecodeError, Unavailable
from recode_core.values import clean

_OUR_SIDE = ("recode_core", "recode_tui", "importlib", "contextlib")
"""Packages whose frames are above the first frame of foreign code."""

_CALLERS = re.compile(r"recode_core\.(entry_points(\..*)?|.*\.guard)")
"""Our modules that only call foreign code."""

_LONGEST = 2000  # characters of an exception's text


@contextmanager
def calling(failed: str, unavailable: type[Unavailable], after: str = "") -> Iterator[None]:
    """A block that calls code of another package; `failed` is the start of the message if it fails.

    Any exception, including `SystemExit`, is raised as `unavailable`. A RecodeError is not changed, nor is
    ctrl+c, which only the main thread receives; on other threads a KeyboardInterrupt is a failure.
    """
    try:
        yield
    except RecodeError:
        raise
    except BadValue as error:
        raise unavailable(f"{failed} {error}{after}") from None
    except BaseException as error:
        if is_interrupt(error):
            raise
        raise unavailable(f"{failed} {described(error)}{after}") from error


def is_interrupt(error: BaseException) -> bool:
    """Whether an exception was raised by ctrl+c."""
    return isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread()


def described(error: BaseException) -> str:
    """The type and text of an exception, and the position in foreign code that raised it."""
    try:
        text = str(error)
    except BaseException:  # `__str__` is foreign code too
        text = "(its text cannot be had)"
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text):,} characters)"
    named = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return clean(f"{named}{_place(error)}")


def _place(error: BaseException) -> str:
    """The innermost frame in the called package, formatted as in a traceback."""
    stack = [(_module(frame), frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    stack = [each for each in stack if not _CALLERS.fullmatch(each[0])]
    packages = [module.partition(".")[0] for module, _, _ in stack]
    called = next((package for package in packages if package not in _OUR_SIDE), "recode_core")
    if called not in packages:
        return ""
    _, code, line = stack[len(stack) - 1 - packages[::-1].index(called)]
    return f' (File "{code.co_filename}", line {line}, in {code.co_name})'


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
