"""The resources of the server: sessions with their reports, and the help on commands."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, unquote

import msgspec

from recode_core.debugger.commands import COMMANDS
from recode_core.debugger.commands.help import command_help, command_list
from recode_core.errors import RecodeError
from recode_core.mcp import catalog
from recode_core.mcp.pages import visible
from recode_core.mcp.sessions import Folders

SESSIONS = "recode://sessions/"
COMMAND_LIST = "recode://docs/commands"

TEMPLATES = {
    f"{SESSIONS}{{name}}": "A session by its name: its result, branches, failures and tree",
    f"{COMMAND_LIST}/{{command}}": "The help on a command of the command language",
}
"""The description of each template for addresses."""


class Resource(msgspec.Struct, frozen=True):
    """A text under an address."""

    uri: str
    name: str
    description: str


def all_resources(folders: Folders) -> Iterator[Resource]:
    """The help on all commands, and the newest sessions."""
    yield Resource(COMMAND_LIST, "commands", "All commands of the command language, for the tool run")
    for entry in catalog.recent(folders):
        name = entry.path.stem
        yield Resource(f"{SESSIONS}{quote(name, safe='')}", visible(name), catalog.line(entry))


def text_of(folders: Folders, uri: str) -> str:
    """The text under an address. Raises RecodeError."""
    if uri.startswith(SESSIONS):
        return "\n".join(catalog.session_text(folders, unquote(uri.removeprefix(SESSIONS))))
    if uri == COMMAND_LIST:
        return "\n".join(command_list(COMMANDS))
    if uri.startswith(f"{COMMAND_LIST}/"):
        return "\n".join(command_help(COMMANDS, unquote(uri.removeprefix(f"{COMMAND_LIST}/"))))
    raise RecodeError(f"there is no {uri} (available: {COMMAND_LIST}, {', '.join(TEMPLATES)})")
