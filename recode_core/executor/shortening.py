"""Length limits of recorded texts.

A text is shortened as soon as it enters the run, so that code, log and prompts agree. Sessions that were
recorded before a limit existed contain longer texts; they are replayed all the same.
"""

from __future__ import annotations

import msgspec

from recode_core.events import EpisodeFinished, Event, ExpansionRefused, Failure, Printed, StatementFailed
from recode_core.values import FAILURE_LIMIT, PRINTED_LIMIT, shortened

_LINE = 1000  # characters of a line of code in a traceback
_START = 1000  # characters at the start of a message that shortening never removes


def line_of_code(text: str) -> str:
    """A line of code for a traceback."""
    return shortened(text.strip(), _LINE)


def short_failure(failure: Failure) -> Failure:
    """A failure with its texts shortened to their limits."""
    message = shortened(failure.message, FAILURE_LIMIT)
    traceback = shortened(failure.traceback, FAILURE_LIMIT)
    if message is failure.message and traceback is failure.traceback:
        return failure
    return msgspec.structs.replace(failure, message=message, traceback=traceback)


def is_shortened(recorded: Event, event: Event) -> bool:
    """Whether `event` differs from `recorded` only in texts that it has shortened."""
    match recorded, event:
        case Printed(), Printed():
            return _with(recorded, text=shortened(recorded.text, PRINTED_LIMIT)) == event
        case StatementFailed(), StatementFailed():
            was, now = recorded.failure, event.failure
            if len(was.traceback) > _LINE:  # it follows from what else is compared
                was = msgspec.structs.replace(was, traceback=now.traceback)
            if _is_start(was.message, now.message):
                was = msgspec.structs.replace(was, message=now.message)
            return _with(recorded, failure=was) == event
        case EpisodeFinished(), EpisodeFinished() if _is_start(recorded.detail, event.detail):
            return _with(recorded, detail=event.detail) == event
        case ExpansionRefused(), ExpansionRefused() if _is_start(recorded.rule, event.rule):
            return _with(recorded, rule=event.rule) == event
    return False


def _is_start(text: str, short: str) -> bool:
    return len(text) > len(short) and text[:_START] == short[:_START]


def _with(event: Event, **fields: object) -> Event:
    return msgspec.structs.replace(event, **fields)
