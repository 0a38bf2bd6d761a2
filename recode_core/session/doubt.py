"""A session that ends while an action was under way, in a world that can't be put back."""

from __future__ import annotations

from recode_core.errors import SessionError
from recode_core.events import ActionAsked, ActionFinished
from recode_core.session.reading import Session


def refuse_doubt(session: Session) -> None:
    """Raise SessionError where nobody knows whether the last action has happened."""
    asked: ActionAsked | None = None
    for record in session.line():
        if isinstance(record.event, ActionAsked | ActionFinished):
            asked = record.event if isinstance(record.event, ActionAsked) else None
    if asked is not None:
        raise SessionError(
            f"{session.path} ends while the action {asked.action!r} was under way. It may have happened, and "
            "this environment can't be put back: look there first, then allow it to be done again"
        )
