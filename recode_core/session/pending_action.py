"""Sessions that end with an action without an observation, in an environment that cannot be restored."""

from __future__ import annotations

from recode_core.errors import SessionError
from recode_core.events import ActionAsked, ActionFinished
from recode_core.session.reading import Session


def check_no_pending_action(session: Session) -> None:
    """Raise SessionError if the last action was sent and has no observation, so that it may have happened."""
    asked: ActionAsked | None = None
    for record in session.line():
        if isinstance(record.event, ActionAsked | ActionFinished):
            asked = record.event if isinstance(record.event, ActionAsked) else None
    if asked is not None:
        raise SessionError(
            f"{session.path} ends with the action {asked.action!r}, whose observation is missing. It may "
            "have happened, and this environment cannot be restored: check the environment, then continue "
            "with --repeat-action"
        )
