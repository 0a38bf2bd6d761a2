"""Requests that read from the timeline: stack, scopes, variables, sources, failures."""

from __future__ import annotations

from recode_core.dap import stack
from recode_core.dap.messages import Arguments, NoArguments
from recode_core.dap.requests import RequestResult, handles
from recode_core.dap.sources import SourceArgument, expansions
from recode_core.dap.target import DebugTarget
from recode_core.dap.values import scopes
from recode_core.errors import RecodeError
from recode_core.events import LimitReached, StatementFailed


class StackArguments(Arguments, frozen=True):
    """The thread, and a part of its frames; all frames if `levels` is 0."""

    thread_id: int
    start_frame: int = 0
    levels: int = 0


class ScopesArguments(Arguments, frozen=True):
    """A frame."""

    frame_id: int


class VariablesArguments(Arguments, frozen=True):
    """A reference, and a part of its variables; all of them if `count` is 0."""

    variables_reference: int
    start: int = 0
    count: int = 0


class SourceArguments(Arguments, frozen=True):
    """A source. Its reference is in both arguments; old clients send the second one alone."""

    source: SourceArgument | None = None
    source_reference: int = 0


@handles(StackArguments, "stackTrace")
def stack_trace(target: DebugTarget, arguments: StackArguments) -> RequestResult:
    """The frames of the current branch."""
    target.check_thread(arguments.thread_id)
    found = stack.frames(target)
    end = arguments.start_frame + arguments.levels if arguments.levels else None
    return {"stackFrames": found[arguments.start_frame : end], "totalFrames": len(found)}


@handles(ScopesArguments, "scopes")
def scopes_of(target: DebugTarget, arguments: ScopesArguments) -> RequestResult:
    """The scopes, which are the same for all frames."""
    return {"scopes": scopes(target.debugger, target.references)}


@handles(VariablesArguments, "variables")
def variables(target: DebugTarget, arguments: VariablesArguments) -> RequestResult:
    """The variables of a scope, or the items of a value."""
    found = target.references.children(arguments.variables_reference)
    end = arguments.start + arguments.count if arguments.count else None
    return {"variables": found[arguments.start : end]}


@handles(SourceArguments, "source")
def source(target: DebugTarget, arguments: SourceArguments) -> RequestResult:
    """The text of a source."""
    named = arguments.source or SourceArgument()
    reference = named.source_reference or arguments.source_reference
    timeline = target.debugger.timeline
    found = (
        target.sources.by_reference(reference, timeline)
        if reference
        else target.sources.find(named, timeline)
    )
    return {"content": found.text, "mimeType": "text/x-python"}


@handles(NoArguments, "loadedSources")
def loaded_sources(target: DebugTarget, arguments: NoArguments) -> RequestResult:
    """The code of each expansion of the current branch."""
    found = expansions(target.debugger.timeline)
    return {"sources": [target.sources.describe(each) for each in found]}


@handles(StackArguments, "exceptionInfo")
def exception_info(target: DebugTarget, arguments: StackArguments) -> RequestResult:
    """The failure or the limit at which the run stopped."""
    match target.debugger.moment.event:
        case StatementFailed(failure=failure):
            details = {"message": failure.message, "typeName": failure.type, "stackTrace": failure.traceback}
            return {
                "exceptionId": failure.type,
                "description": f"{failure.type}: {failure.message}",
                "breakMode": "always",
                "details": details,
            }
        case LimitReached(name=name, value=value, limit=limit):
            text = f"the limit of {name} is reached: {value:g} of {limit:g}; to go on: limit {name} N"
            return {"exceptionId": "limit", "description": text, "breakMode": "always"}
    raise RecodeError("there is no failure at this stop")
