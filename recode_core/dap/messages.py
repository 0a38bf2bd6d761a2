"""The protocol's messages and types, as far as they are used here.

Lines and columns in them are those of the client, which may count from 0 or 1; `Client` converts them.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec

from recode_core.errors import RecodeError

Body = msgspec.Struct | dict[str, Any]
"""The body of a response or an event."""


class Arguments(msgspec.Struct, frozen=True, rename="camel"):
    """Base of the arguments of requests. Unknown arguments are ignored."""


class NoArguments(Arguments, frozen=True):
    """No arguments that matter."""


_A = TypeVar("_A", bound=Arguments)


class Incoming(msgspec.Struct, frozen=True):
    """A message from the client."""

    seq: int
    type: str
    command: str = ""
    arguments: msgspec.Raw = msgspec.Raw(b"{}")


def arguments_of(request: Incoming, kind: type[_A]) -> _A:
    """The arguments of a request. Raises RecodeError if the protocol does not allow them."""
    given = bytes(request.arguments)
    try:
        return msgspec.json.decode(b"{}" if given in (b"", b"null") else given, type=kind)
    except msgspec.MsgspecError as error:
        raise RecodeError(f"invalid arguments of {request.command}: {error}") from None


class Type(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Base of the types that are sent. Fields that the protocol requires have no default."""


class SourceRef(Type, frozen=True):
    """The code of an expansion: a file at `path`, or a text that the client requests by its reference."""

    name: str
    path: str | None = None
    source_reference: int = 0
    origin: str = ""


class StackFrame(Type, frozen=True):
    """An open expansion with the range of its current statement."""

    id: int
    name: str
    line: int
    column: int
    source: SourceRef | None = None
    end_line: int | None = None
    end_column: int | None = None
    can_restart: bool | None = None
    presentation_hint: Literal["label"] | None = None


class Scope(Type, frozen=True):
    """A group of variables."""

    name: str
    variables_reference: int
    expensive: bool
    presentation_hint: str | None = None


class ShownVariable(Type, frozen=True):
    """A name and its value, which has children if its reference is not 0."""

    name: str
    value: str
    variables_reference: int
    type: str | None = None
    evaluate_name: str | None = None
    indexed_variables: int | None = None
    named_variables: int | None = None
    presentation_hint: dict[str, list[str]] | None = None


class Breakpoint(Type, frozen=True):
    """A breakpoint of the session, or the reason why it could not be set."""

    verified: bool
    id: int | None = None
    message: str | None = None
    source: SourceRef | None = None
    line: int | None = None


class Thread(Type, frozen=True):
    """A branch that runs."""

    id: int
    name: str


class InitializeArguments(Arguments, frozen=True):
    """The client's properties."""

    lines_start_at1: bool = msgspec.field(name="linesStartAt1", default=True)
    columns_start_at1: bool = msgspec.field(name="columnsStartAt1", default=True)
    supports_progress_reporting: bool = False


CAPABILITIES: dict[str, Any] = {
    "supportsConfigurationDoneRequest": True,
    "supportsFunctionBreakpoints": True,
    "supportsConditionalBreakpoints": True,
    "supportsHitConditionalBreakpoints": True,
    "supportsLogPoints": True,
    "supportsDataBreakpoints": True,
    "supportsExceptionOptions": False,
    "supportsExceptionFilterOptions": True,
    "supportsExceptionInfoRequest": True,
    "supportsBreakpointLocationsRequest": True,
    "supportsEvaluateForHovers": True,
    "supportsClipboardContext": True,
    "supportsSetVariable": True,
    "supportsCompletionsRequest": True,
    "supportsStepBack": True,
    "supportsSteppingGranularity": True,
    "supportsGotoTargetsRequest": True,
    "supportsRestartFrame": True,
    "supportsRestartRequest": True,
    "supportsLoadedSourcesRequest": True,
    "supportsDelayedStackTraceLoading": True,
    "supportsTerminateRequest": True,
    "supportsCancelRequest": True,
    "supportTerminateDebuggee": False,
    "completionTriggerCharacters": [" "],
    "exceptionBreakpointFilters": [
        {
            "filter": "failure",
            "label": "Failures",
            "description": "Stop where a statement failed.",
            "default": True,
            "supportsCondition": True,
            "conditionDescription": "An expression, such as event.failure['type'] == 'KeyError'",
        },
        {
            "filter": "limit",
            "label": "Limits",
            "description": "A run always stops at a limit; `limit NAME VALUE` raises it.",
            "default": True,
        },
        {
            "filter": "before-model",
            "label": "Before the model",
            "description": "Stop before each call of the model.",
            "supportsCondition": True,
        },
        {
            "filter": "after-model",
            "label": "After the model",
            "description": "Stop after each reply of the model.",
            "supportsCondition": True,
        },
        {
            "filter": "action",
            "label": "Actions",
            "description": "Stop before each action in the environment.",
            "supportsCondition": True,
        },
    ],
}
"""The capabilities of the adapter. Requests that need any other are refused."""
