"""Messages about unknown names, with the known one that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from recode_core.errors import CorrectableError

_E = TypeVar("_E", bound=CorrectableError)


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like `name`; empty if none is. Case does not count."""
    folded = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=0.65)
    return folded[found[0]] if found else ""


def available(names: Iterable[str], more: str = "") -> str:
    """The known names in brackets, to follow a message."""
    return f" (available: {', '.join(names) or 'none'}{more})"


def unknown(what: str, name: str, known: Iterable[str], where: str | None = None) -> str:
    """The message that `name` is not a known `what`, with the closest name if there is one.

    `where` follows and says where the names are listed; by default it is the list.
    """
    names = list(known)
    meant = closest(name, names)
    such = f"; did you mean {meant!r}?" if meant else ""
    return f"unknown {what} {name!r}{such}{available(names) if where is None else where}"


def unknown_name(kind: type[_E], what: str, name: str, known: Iterable[str], where: str | None = None) -> _E:
    """An error with the message of `unknown`, which knows how to correct the name."""
    names = list(known)
    error = kind(unknown(what, name, names, where))
    if meant := closest(name, names):
        error.correction = name, meant
    return error
