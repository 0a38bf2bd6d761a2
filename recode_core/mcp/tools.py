"""The tools of the server: their arguments and their results.

The docstring of a tool is its description, for the agent that calls it.
"""

from __future__ import annotations

import inspect
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

import msgspec
from msgspec import Meta

from recode_core.debugger.commands import Command, DiffBranches, Export, Rerun, Save, parse
from recode_core.debugger.console import Console
from recode_core.debugger.script import read_script
from recode_core.errors import ReadOnlyError, RecodeError
from recode_core.mcp import catalog, views
from recode_core.mcp.pages import Pages, quoted
from recode_core.mcp.sessions import ClientSession, ClientSessions
from recode_core.session import Settings

SessionId = Annotated[str, Meta(description="The id that open returned, such as s1.")]


@dataclass
class Service:
    """The opened sessions and long results that the tools share."""

    sessions: ClientSessions
    pages: Pages


class _Tool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call of a tool with its arguments."""

    changes: ClassVar[bool] = False
    """Whether the tool may change a session or take actions in an environment."""

    def call(self, service: Service) -> Iterator[str]:
        """Yield lines of the result. Raises RecodeError."""
        raise NotImplementedError


class OpenTool(_Tool, frozen=True, kw_only=True):
    """Open a recorded session, or start a new run; without arguments, list what can be opened.

    A recorded session is opened read-only: all queries and moves through its history work, nothing is run.
    With continue=true, or to start a run from environment and task, the server needs --write. A new run is
    paused at its start: call run with `continue`. Returns the session's id and its moment.
    """

    changes: ClassVar = True

    session: Annotated[
        str, Meta(description="A session file, a session's name, the name of a sample, or last.")
    ] = ""
    is_continued: Annotated[
        bool, Meta(description="Go on with the session; its file is appended to. A sample is copied first.")
    ] = msgspec.field(default=False, name="continue")
    environment: Annotated[str, Meta(description="Of a new run, such as household.")] = ""
    task: Annotated[str, Meta(description="Of a new run, such as put:7.")] = ""
    policy: Annotated[
        str,
        Meta(
            description="The author of the code of placeholders in a new run: expert (free), human (you do, "
            "with the command edit), demo, or the profile of a model, which needs a budget."
        ),
    ] = "expert"
    agent: Annotated[str, Meta(description="Of a new run: recode, react or codeact.")] = "recode"
    model: Annotated[str, Meta(description="Another model than the profile's.")] = ""

    def call(self, service: Service) -> Iterator[str]:
        sessions = service.sessions
        if self.session and (self.environment or self.task):
            raise RecodeError("give either session, or environment and task of a new run")
        if bool(self.environment) != bool(self.task):
            raise RecodeError("a new run needs both environment and task")
        if self.environment:
            settings = Settings(self.environment, self.task, self.policy, self.agent, model=self.model)
            opened = sessions.start(settings)
        elif self.session:
            opened = (
                sessions.resume(self.session) if self.is_continued else sessions.open_readonly(self.session)
            )
        else:
            yield from catalog.listing(sessions.folders)
            return
        yield from views.status(opened)


class StatusTool(_Tool, frozen=True, kw_only=True):
    """Show the moment of a session: stop, branch, node, score, steps, calls, cost, variables that changed."""

    session: SessionId

    def call(self, service: Service) -> Iterator[str]:
        yield from views.status(service.sessions.get(self.session))


class RunTool(_Tool, frozen=True, kw_only=True):
    """Run lines of the debugger's command language, and show what they print and the stop they lead to.

    Moves: step, next, finish, continue, until NODE, back, goto RECORD|NODE, switch BRANCH, undo. Queries:
    where, vars, print EXPR, when EXPR, possible. Changes (of sessions that can be continued), which start a
    branch: edit NODE, regenerate NODE, retry NODE, set NAME = EXPR, action "…". `help` lists all commands,
    `help COMMAND` explains one. Text that a command needs follows it: `edit 0.8 <<END`, the lines of code,
    and a line `END`. The first line that is refused ends the run.
    """

    changes: ClassVar = True

    session: SessionId
    commands: Annotated[str, Meta(description="Commands, one a line; lines that begin with # are comments.")]

    def call(self, service: Service) -> Iterator[str]:
        opened = service.sessions.get(self.session)
        script = read_script(self.commands)
        if not script:
            raise RecodeError("the script has no commands; `help` lists them")
        console = Console(opened.debugger)
        for line in script:
            yield from quoted([line.text], "> ")
            try:
                yield from quoted(_execute(console, opened, parse(line.text, line.block)))
            except RecodeError as error:
                yield from views.now(opened)
                raise RecodeError(f"line {line.line}: {error}") from error
            if console.stopped:
                service.sessions.close(self.session)
                yield f"session {self.session} is closed"
                return
        yield from views.now(opened)


def _execute(console: Console, opened: ClientSession, command: Command) -> Iterator[str]:
    if opened.is_readonly and isinstance(command, Save | Export | Rerun):
        raise ReadOnlyError(opened.session.refusal)
    return console.execute(command)


class ReadTool(_Tool, frozen=True, kw_only=True):
    """Read a part of a session at its current moment, in full.

    tree: all nodes with their ids. Of a node: code (the expansion around it), prompt, reply, output (printed
    text and tracebacks), observations (its actions with what the environment answered). variables: all, or
    the whole value of the one that is given as name.
    """

    session: SessionId
    what: Literal["tree", "code", "prompt", "reply", "output", "observations", "variables"]
    node: Annotated[str, Meta(description="The id of a node, such as 0.8; 0 is the root.")] = "0"
    name: Annotated[str, Meta(description="With variables: the name of one.")] = ""

    def call(self, service: Service) -> Iterator[str]:
        debugger = service.sessions.get(self.session).debugger
        if self.what == "tree":
            yield from views.tree(debugger.moment)
        elif self.what == "variables":
            yield from views.variables(debugger, self.name)
        else:
            yield from views.NODE_VIEWS[self.what](debugger, self.node)


class HistoryTool(_Tool, frozen=True, kw_only=True):
    """Show every change of a variable, and the statement, observation and reply of its current value."""

    session: SessionId
    name: Annotated[str, Meta(description="The name of a variable.")]

    def call(self, service: Service) -> Iterator[str]:
        console = Console(service.sessions.get(self.session).debugger)
        for command in ("history", "origin"):
            yield f"{command}:"
            yield from quoted(console.run(f"{command} {shlex.quote(self.name)}"))


class CompareTool(_Tool, frozen=True, kw_only=True):
    """Compare two branches, or two sessions: the nodes and the observations that differ, and the results."""

    session: SessionId
    left: Annotated[str, Meta(description="A branch of the session, such as main, or a session's file.")]
    right: Annotated[str, Meta(description="Another one.")]

    def call(self, service: Service) -> Iterator[str]:
        console = Console(service.sessions.get(self.session).debugger)
        yield from quoted(console.execute(DiffBranches(self.left, self.right)))


class ReportTool(_Tool, frozen=True, kw_only=True):
    """Show the result of a session's branch at its end, its other branches, failures and refused replies."""

    session: SessionId

    def call(self, service: Service) -> Iterator[str]:
        opened = service.sessions.get(self.session)
        yield from views.about(opened.session.header)
        yield from views.report(opened.debugger.log, opened.debugger.timeline)


class MoreTool(_Tool, frozen=True, kw_only=True):
    """Read on in a long result: its last line names the id and the offset."""

    id: Annotated[str, Meta(description="Such as t1.")]
    offset: Annotated[int, Meta(ge=0, description="Characters from the beginning.")]

    def call(self, service: Service) -> Iterator[str]:
        yield service.pages.page(self.id, self.offset)


class CloseTool(_Tool, frozen=True, kw_only=True):
    """Close a session. Its file stays."""

    session: SessionId

    def call(self, service: Service) -> Iterator[str]:
        service.sessions.close(self.session)
        yield f"session {self.session} is closed"


Tool = (
    OpenTool | StatusTool | RunTool | ReadTool | HistoryTool | CompareTool | ReportTool | MoreTool | CloseTool
)

TOOLS: dict[str, type[Tool]] = {kind.__name__.removesuffix("Tool").lower(): kind for kind in get_args(Tool)}
"""Every tool by its name."""


def schema_of(tool: type[Tool]) -> dict[str, Any]:
    """The JSON schema of a tool's arguments."""
    _, components = msgspec.json.schema_components([tool])
    schema = components[tool.__name__]
    return {name: value for name, value in schema.items() if name not in ("title", "description")}


def description_of(tool: type[Tool]) -> str:
    """The description of a tool."""
    return inspect.getdoc(tool) or ""


def call(service: Service, name: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    """The text of a tool's result, with what it cost, and whether the tool was refused."""
    before, lines, is_refused = service.sessions.spending.spent(), list[str](), False
    try:
        for line in msgspec.convert(arguments, TOOLS[name]).call(service):
            lines.append(line)
    except msgspec.ValidationError as error:
        lines, is_refused = [f"refused: {error}"], True
    except RecodeError as error:
        is_refused = True
        lines += quoted([str(error)], "refused: ")
    text = "\n".join(lines)
    text = text if name == "more" else service.pages.first(text)
    return f"{text}\ncost of this call: {service.sessions.spending.since(before)}", is_refused
