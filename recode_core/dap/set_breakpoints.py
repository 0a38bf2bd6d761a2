"""Requests about breakpoints: of lines, functions, variables, and the exception filters."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from recode_core.dap import messages
from recode_core.dap.breakpoints import WantedBreakpoint
from recode_core.dap.messages import Arguments
from recode_core.dap.requests import RequestResult, handles
from recode_core.dap.sources import ROOT, CodeSource, SourceArgument, expansion
from recode_core.dap.target import DebugTarget
from recode_core.debugger.edit_points import names_at, statement_on_line
from recode_core.errors import RecodeError

_FILTERS = {"failure": "", "limit": "", "before-model": "", "after-model": "", "action": "*"}
"""The exception filters, with the pattern of the breakpoint of that kind."""


class LineBreakpoint(Arguments, frozen=True):
    """A breakpoint on a line."""

    line: int
    condition: str = ""
    hit_condition: str = ""
    log_message: str = ""


class SetBreakpointsArguments(Arguments, frozen=True):
    """All breakpoints of a source."""

    source: SourceArgument
    breakpoints: tuple[LineBreakpoint, ...] = ()


class FunctionBreakpoint(Arguments, frozen=True):
    """A breakpoint on calls of a function, given by a glob on its name."""

    name: str
    condition: str = ""
    hit_condition: str = ""


class SetFunctionBreakpointsArguments(Arguments, frozen=True):
    """All function breakpoints."""

    breakpoints: tuple[FunctionBreakpoint, ...]


class DataBreakpoint(Arguments, frozen=True):
    """A breakpoint on changes of a variable."""

    data_id: str
    access_type: str = "write"
    condition: str = ""
    hit_condition: str = ""


class SetDataBreakpointsArguments(Arguments, frozen=True):
    """All data breakpoints."""

    breakpoints: tuple[DataBreakpoint, ...]


class DataBreakpointInfoArguments(Arguments, frozen=True):
    """A variable of a scope."""

    name: str
    variables_reference: int = 0


class FilterOption(Arguments, frozen=True):
    """An exception filter with a condition."""

    filter_id: str
    condition: str = ""


class SetExceptionBreakpointsArguments(Arguments, frozen=True):
    """The exception filters that are switched on."""

    filters: tuple[str, ...] = ()
    filter_options: tuple[FilterOption, ...] = ()


class LocationsArguments(Arguments, frozen=True):
    """A range of lines of a source."""

    source: SourceArgument
    line: int
    end_line: int | None = None


@handles(SetBreakpointsArguments, "setBreakpoints")
def set_breakpoints(target: DebugTarget, arguments: SetBreakpointsArguments) -> RequestResult:
    """Set the breakpoints of a source."""
    wanted = arguments.breakpoints
    try:
        source = target.sources.find(arguments.source, target.debugger.timeline)
        refusal = _refusal(target, source)
    except RecodeError as error:
        refused = [messages.Breakpoint(False, message=str(error), line=point.line) for point in wanted]
        return {"breakpoints": refused}
    points = [
        WantedBreakpoint(
            "line",
            f"{source.node}:{target.client.line_from(point.line)}",
            point.condition,
            point.hit_condition,
            point.log_message,
            refusal,
        )
        for point in wanted
    ]
    answers = target.breakpoints.replace(target.debugger, f"lines of {source.node}", points)
    shown = target.sources.describe(source)
    placed = [
        msgspec.structs.replace(answer, source=shown, line=point.line)
        for answer, point in zip(answers, wanted, strict=True)
    ]
    return {"breakpoints": placed}


@handles(SetFunctionBreakpointsArguments, "setFunctionBreakpoints")
def set_function_breakpoints(
    target: DebugTarget, arguments: SetFunctionBreakpointsArguments
) -> RequestResult:
    """Set the breakpoints on calls of placeholders."""
    points = [
        WantedBreakpoint("placeholder", point.name, point.condition, point.hit_condition)
        for point in arguments.breakpoints
    ]
    return {"breakpoints": target.breakpoints.replace(target.debugger, "functions", points)}


@handles(DataBreakpointInfoArguments, "dataBreakpointInfo")
def data_breakpoint_info(target: DebugTarget, arguments: DataBreakpointInfoArguments) -> RequestResult:
    """Whether a variable can have a breakpoint."""
    is_whole = arguments.variables_reference in (0, target.references.variables)
    if not is_whole or not arguments.name.isidentifier():
        return {"dataId": None, "description": "only a whole variable can have a breakpoint"}
    return {
        "dataId": arguments.name,
        "description": f"{arguments.name} changes",
        "accessTypes": ["write"],
        "canPersist": True,
    }


@handles(SetDataBreakpointsArguments, "setDataBreakpoints")
def set_data_breakpoints(target: DebugTarget, arguments: SetDataBreakpointsArguments) -> RequestResult:
    """Set the breakpoints on variables."""
    points = [
        WantedBreakpoint(
            "variable",
            point.data_id,
            point.condition,
            point.hit_condition,
            refusal=""
            if point.access_type == "write"
            else "reading a variable is not recorded, only its changes",
        )
        for point in arguments.breakpoints
    ]
    return {"breakpoints": target.breakpoints.replace(target.debugger, "variables", points)}


@handles(SetExceptionBreakpointsArguments, "setExceptionBreakpoints")
def set_exception_breakpoints(
    target: DebugTarget, arguments: SetExceptionBreakpointsArguments
) -> RequestResult:
    """Set the exception filters. A run stops at failures and limits without a breakpoint of the session."""
    options = [*(FilterOption(name) for name in arguments.filters), *arguments.filter_options]
    wanted = {option.filter_id: option for option in options}
    target.breakpoints.passes_failures = "failure" not in wanted or bool(wanted["failure"].condition)
    points = [(option, _filter(option)) for option in options]
    given = [point for _, point in points if point is not None]
    answers = iter(target.breakpoints.replace(target.debugger, "filters", given))
    return {
        "breakpoints": [messages.Breakpoint(True) if point is None else next(answers) for _, point in points]
    }


@handles(LocationsArguments, "breakpointLocations")
def breakpoint_locations(target: DebugTarget, arguments: LocationsArguments) -> RequestResult:
    """The lines on which statements begin."""
    client, timeline = target.client, target.debugger.timeline
    source = target.sources.find(arguments.source, timeline)
    lines = range(arguments.line, (arguments.end_line or arguments.line) + 1)
    names = names_at(timeline, target.debugger.cursor)
    found = [
        line
        for line in lines
        if source.node != ROOT and statement_on_line(source.text, client.line_from(line), names) is not None
    ]
    return {"breakpoints": [{"line": line} for line in found]}


def session_breakpoints(target: DebugTarget) -> Iterator[messages.Breakpoint]:
    """The line breakpoints that the session had before its client set any."""
    for number, point in target.debugger.annotations.breakpoints.items():
        node, _, line = point.pattern.rpartition(":")
        source = expansion(target.debugger.timeline, node) if point.kind == "line" else None
        if source is not None and point.enabled:
            shown = target.sources.describe(source)
            yield messages.Breakpoint(True, number, source=shown, line=target.client.line(int(line)))


def _refusal(target: DebugTarget, source: CodeSource) -> str:
    """The reason why a source can have no breakpoints; empty if it can."""
    if source.node == ROOT:
        return "the statement that starts the run can have no breakpoint; use a function breakpoint"
    now = expansion(target.debugger.timeline, source.node)
    if now is None or now.text != source.text:
        return f"{source.node} has other code on {target.debugger.branch}; set the breakpoint there"
    return ""


def _filter(option: FilterOption) -> WantedBreakpoint | None:
    """The session's breakpoint for an exception filter; None if the run stops there without one."""
    name, condition = option.filter_id, option.condition
    if name not in _FILTERS:
        return WantedBreakpoint("", "", refusal=f"unknown filter {name!r} (available: {', '.join(_FILTERS)})")
    if name == "limit" or (name == "failure" and not condition):
        return None
    return WantedBreakpoint(name, _FILTERS[name], condition)
