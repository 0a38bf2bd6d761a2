"""The tables in the documentation, each from the table of the program that it documents.

`make docs` writes what is between `<!-- table: NAME -->` and `<!-- end -->` in a page; a test compares it.
`TABLES` are the functions by name.
"""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from textual.binding import Binding

from recode_core import statuses
from recode_core.agents import registry as agents
from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.commands.help import TERMS, UNDO_MEANINGS
from recode_core.entry_points import declared
from recode_core.environments import registry as environments
from recode_core.environments.environment import Restoration
from recode_core.events import ANNOTATIONS, CHANGES, Child, Event, Failure, MessageRef, Origin, Outcome, Place
from recode_core.executor.limits import Limits, defaults
from recode_core.log import Record
from recode_core.mcp import tools
from recode_core.policies.openai.profile import BUILTIN_PROFILES, Profile, Timeouts
from recode_core.session.header import Header, Settings
from recode_core.values import Observation, Span, Usage, Variable
from recode_tui.cli.app import command_named
from recode_tui.cli.commands import COMMANDS as CLI_COMMANDS
from recode_tui.concepts import CONCEPTS
from recode_tui.config import SETTINGS
from recode_tui.debug.dialogs.branches import BranchesScreen
from recode_tui.debug.dialogs.breakpoints import BreakpointsScreen
from recode_tui.debug.dialogs.candidates import CandidatesScreen
from recode_tui.debug.dialogs.compare import CompareScreen
from recode_tui.debug.dialogs.diff_confirm import DiffConfirmScreen
from recode_tui.debug.dialogs.editing import EditingScreen
from recode_tui.debug.dialogs.observation import ObservationScreen
from recode_tui.debug.keys import GROUPS, SHOWN, display
from recode_tui.debug.panels.plan import PlanPanel
from recode_tui.debug.panels.timeline import TimelinePanel
from recode_tui.debug.panels.variables import VariablesPanel
from recode_tui.debug.stop_text import STOP_KINDS
from recode_tui.home.query import ABOUT_FIELDS
from recode_tui.home.screen import HomeScreen
from recode_tui.statuses import LEGEND
from recode_tui.widgets.row_list import RowList

FOLDER = Path(__file__).parents[2] / "docs"
REGION = re.compile(r"(<!-- table: ([\w-]+) -->)\n.*?(<!-- end -->)", re.DOTALL)

_ARRAY = "Written as a JSON array of its fields, in this order."
_WITH_KEYS = (
    ("lists", RowList),
    ("the plan", PlanPanel),
    ("the variables", VariablesPanel),
    ("the timeline", TimelinePanel),
    ("an observation", ObservationScreen),
    ("an editor", EditingScreen),
    ("a difference", DiffConfirmScreen),
    ("the branches", BranchesScreen),
    ("a comparison", CompareScreen),
    ("the breakpoints", BreakpointsScreen),
    ("the candidates", CandidatesScreen),
)
"""Panels and dialogs with keys of their own."""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _prose(text: str) -> str:
    """Text of the program, in which Markdown finds no markup but code."""
    return text.replace("[", "\\[").replace("<", "&lt;").replace("*", "\\*")


def _sections(parts: Iterable[tuple[str, str]], level: int = 3) -> str:
    return "\n\n".join(f"{'#' * level} {title}\n\n{text}" for title, text in parts)


def keys() -> str:
    """Every key of the debugger's screen, by group."""
    return _sections(
        (
            group,
            table(
                ("keys", "what they do", "name"),
                ((_keys(key.default), key.help, _code(key.name)) for key in group_keys),
            ),
        )
        for group, group_keys in GROUPS.items()
    )


def _keys(names: str) -> str:
    return " ".join(_code(display(name)) for name in names.split(","))


def focus_keys() -> str:
    """The keys of single panels and dialogs."""
    rows = (
        (where, _keys(binding.key), text)
        for where, owner in _WITH_KEYS
        for binding in owner.__dict__["BINDINGS"]
        if (text := binding.tooltip or binding.description)
    )
    return table(("where", "keys", "what they do"), dict.fromkeys(rows))  # a key may have two labels


def settings() -> str:
    """The settings of the screen in config.toml."""
    return table(
        ("setting", "default", "is", "what it does"),
        (
            (
                _code(setting.name),
                _code(json.dumps(setting.default)) + (", or as it was" if setting.is_remembered else ""),
                setting.allowed,
                setting.help,
            )
            for setting in SETTINGS
        ),
    )


def concepts() -> str:
    """The concepts, as in the help."""
    return table(("concept", "is"), CONCEPTS)


def home_keys() -> str:
    """The keys of the home screen."""
    bindings = [
        binding for binding in HomeScreen.BINDINGS if isinstance(binding, Binding) and binding.tooltip
    ]
    return table(
        ("keys", "what they do"),
        ((_keys(binding.key), binding.tooltip) for binding in bindings),
    )


def home_fields() -> str:
    """The fields that sessions are filtered by."""
    return table(("field", "matches"), ((_code(f"{name}:"), about) for name, about in ABOUT_FIELDS.items()))


def panels() -> str:
    """The panels with their keys."""
    return table(
        ("key", "panel", "shows"),
        ((_code(str(n)), name.capitalize(), shown) for n, (name, shown) in enumerate(SHOWN.items(), start=1)),
    )


def glyphs() -> str:
    """The glyphs of nodes."""
    return table(("glyph", "meaning"), ((glyph.text, meaning) for meaning, glyph in LEGEND))


def stops() -> str:
    """The kinds of stops."""
    return table(("kind", "the run is"), ((_code(kind), text) for kind, text in STOP_KINDS.items()))


def commands() -> str:
    """The command language."""
    return table(
        ("command", "what it does", "`undo`"),
        (
            (_code(command.usage), command.help, UNDO_MEANINGS[command.undo] if command.undo else "")
            for command in COMMANDS.values()
        ),
    )


def mcp_tools() -> str:
    """The tools of `recode mcp`."""
    return table(
        ("tool", "arguments", "what it does"),
        (
            (_code(name), " ".join(map(_code, tools.schema_of(tool)["properties"])), _summary(tool))
            for name, tool in tools.TOOLS.items()
        ),
    )


def _summary(tool: type[tools.Tool]) -> str:
    """The first sentence of a tool's description."""
    return _prose(tools.description_of(tool).partition("\n\n")[0].replace("\n", " "))


def terms() -> str:
    """The words in the usage of commands."""
    return table(("word", "meaning"), ((_code(term), _prose(text)) for term, text in TERMS.items()))


def breakpoints() -> str:
    """The kinds of breakpoints."""
    return table(("kind", "pattern"), ((_code(n), kind.pattern or "none") for n, kind in KINDS.items()))


def command_line() -> str:
    """Every command of the command line with its options."""
    return "\n\n".join(_command(name, command) for name, command in _typer_commands())


def command_names() -> str:
    """The commands of the command line, a line each."""
    return table(
        ("command", "what it does"),
        (
            (f"[`recode {name}`](#recode-{name.replace(' ', '-')})", _first_sentence(command.help))
            for name, command in _typer_commands()
        ),
    )


def _typer_commands() -> Iterator[tuple[str, Any]]:
    for name in CLI_COMMANDS:
        command = command_named(name)
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {sub}", found) for sub, found in inner.items())


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".")


def _command(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=name)
    rows = []
    for param in command.params:
        record = param.get_help_record(context)
        if record is not None:
            rows.append((_code(record[0]), _prose(record[1])))
    paragraphs = (" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    usage = command.get_usage(context).removeprefix("Usage: ").replace(name, f"recode {name}", 1)
    parts = [f"## recode {name}", *paragraphs, f"```text\n{usage}\n```"]
    return "\n\n".join([*parts, table(("argument or option", "meaning"), rows)] if rows else parts)


def profiles() -> str:
    """The built-in profiles."""
    return table(
        ("profile", "endpoint", "model", "key"),
        (
            (
                _code(name),
                _code(profile.base_url),
                _code(profile.model) or "the first that the server lists",
                _code(profile.key) or "none",
            )
            for name, profile in BUILTIN_PROFILES.items()
        ),
    )


def profile_fields() -> str:
    """The fields of a profile with their defaults."""
    return _fields(Profile)


def timeouts() -> str:
    """The timeouts of a profile with their defaults."""
    return _fields(Timeouts)


def limits() -> str:
    """The limits of a run and their defaults."""
    found = defaults()
    return table(
        ("limit", "default"),
        (
            (_code(name), "none" if (value := getattr(found, name)) is None else f"{value:g}")
            for name in Limits.__struct_fields__
        ),
    )


def environment_names() -> str:
    """The built-in environments with the way in which they are restored."""
    return table(
        ("name", "restored by"),
        (
            (_code(name), _restored(name))
            for name in environments.names()
            if name not in declared(environments.GROUP)
        ),
    )


def _restored(name: str) -> str:
    ways: dict[Restoration, str] = {
        "snapshot": "a snapshot of its state",
        "replay": "a reset and the recorded actions",
        "none": "nothing: it cannot be restored",
    }
    return ways[environments.environment(name).restoration]


def agent_names() -> str:
    """The agents."""
    return ", ".join(_code(name) for name in agents.names())


def header() -> str:
    """The fields of a session's first line."""
    return f"{_doc(Header)}\n\n{_fields(Header)}\n\n`settings`: {_doc(Settings)}\n\n{_fields(Settings)}"


def record() -> str:
    """The fields of a record."""
    return f"{_doc(Record)}\n\n{_fields(Record)}"


def events() -> str:
    """Every event of the session format."""
    return _sections((_tag(kind), f"{_doc(kind)}\n\n{_fields(kind)}".strip()) for kind in get_args(Event))


def values() -> str:
    """The values inside events; the `array_like` ones are JSON arrays."""
    kinds = (Place, Span, Child, Origin, MessageRef, Variable, Observation, Usage, Failure)
    return _sections(
        (
            kind.__name__,
            "\n\n".join((_doc(kind), *([_ARRAY] * kind.__struct_config__.array_like), _fields(kind))),
        )
        for kind in kinds
    )


def event_names() -> str:
    """The events by their part in a run."""
    groups = {"input": [], "derived": [], "change": [], "annotation": []}  # type: dict[str, list[str]]
    for kind in get_args(Event):
        if kind in CHANGES:
            part = "change"
        elif kind in ANNOTATIONS:
            part = "annotation"
        else:
            part = "input" if (kind.__doc__ or "").startswith("Input") else "derived"
        groups[part].append(f"[`{_tag(kind)}`](#{_tag(kind)})")
    return table(("part", "events"), ((part, ", ".join(names)) for part, names in groups.items()))


def _tag(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


def _doc(kind: type) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (kind.__doc__ or "").split("\n\n"))


def _fields(kind: Any) -> str:
    names = kind.__struct_fields__
    if not names:
        return ""
    given = kind.__struct_defaults__
    values = [None] * (len(names) - len(given)) + [_default(value) for value in given]
    if any(str(value) == "NODEFAULT" for value in given):
        values = [None if value == "NODEFAULT" else value for value in values]
    rows = (
        (_code(name), _code(_type(kind, name)), "required" if value is None else _code(value))
        for name, value in zip(names, values, strict=True)
    )
    return table(("field", "type", "default"), rows)


def _default(value: object) -> str:
    if hasattr(value, "factory"):
        return repr(value.factory())
    return f"{type(value).__name__}()" if hasattr(value, "__struct_fields__") else repr(value)


def _type(kind: Any, name: str) -> str:
    for owner in kind.__mro__:
        if name in (annotations := inspect.get_annotations(owner)):
            return str(annotations[name])
    raise LookupError(name)


def layers() -> str:
    """The layers of the core, from the import contract."""
    config = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    found = next(one for one in contracts if one.get("containers") == ["recode_core"])["layers"]
    cells = [" · ".join(layer.split(" : ")) for layer in found]
    width = max(map(len, cells))
    lines = [f"│ {cell:^{width}} │" for cell in cells]
    edge = "─" * (width + 2)
    return "```text\n" + f"┌{edge}┐\n" + f"\n├{edge}┤\n".join(lines) + f"\n└{edge}┘\n```"


def outcomes() -> str:
    """The outcomes of a run."""
    return table(
        ("outcome", "as it is printed"),
        ((_code(name), statuses.outcome_text(name, "LIMIT")) for name in get_args(Outcome)),
    )


TABLES: dict[str, Callable[[], str]] = {
    "agents": agent_names,
    "breakpoints": breakpoints,
    "command-line": command_line,
    "concepts": concepts,
    "command-names": command_names,
    "commands": commands,
    "environments": environment_names,
    "event-names": event_names,
    "events": events,
    "focus-keys": focus_keys,
    "glyphs": glyphs,
    "header": header,
    "home-fields": home_fields,
    "home-keys": home_keys,
    "keys": keys,
    "layers": layers,
    "mcp-tools": mcp_tools,
    "limits": limits,
    "outcomes": outcomes,
    "panels": panels,
    "profile-fields": profile_fields,
    "profiles": profiles,
    "record": record,
    "settings": settings,
    "stops": stops,
    "terms": terms,
    "timeouts": timeouts,
    "values": values,
}


def filled(text: str) -> str:
    """A page with all its tables as they are now."""
    return REGION.sub(lambda found: f"{found[1]}\n\n{TABLES[found[2]]()}\n\n{found[3]}", text)


def pages() -> list[Path]:
    """The pages of the documentation."""
    return sorted(FOLDER.glob("*.md"))


if __name__ == "__main__":
    for page in pages():
        page.write_text(filled(page.read_text("utf-8")), "utf-8")
