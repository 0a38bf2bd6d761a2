"""What the commands are, told from the table that they are run from."""

from __future__ import annotations

from collections.abc import Iterator

from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands.console import COMMANDS, Command, Console, WrongWords, command, one_word

_WORDS = (
    "NODE: a place in the tree, as where and show name it. 0 is the root, 0.7.2 the third statement in the "
    "code of 0.7, 0.7@2.0 the first in its second expansion, 0.3#2.0 a placeholder in pass 2 of loop 0.3",
    "PATTERN: a text with * and ? for any, or a /regular expression/",
    "EXPR: Python over the variables at the cursor, event.x (the record) and episode.x (the run so far)",
)


@command("help [COMMAND]", "what there is to type, or what one command does")
def _help(console: Console, text: str, block: str | None) -> Iterator[str]:
    if text:
        yield from _explained(one_word(text, "a command"))
        return
    width = max(len(name) for name in COMMANDS)
    yield from (f"{name:{width}}  {found.help}" for name, found in COMMANDS.items())
    yield from _WORDS


def _explained(name: str) -> Iterator[str]:
    found = COMMANDS.get(name)
    if found is None:
        raise WrongWords(f"{name!r} is no command; there are {', '.join(COMMANDS)}")
    yield found.usage
    yield f"  {found.help}"
    yield f"  undo: {_undone(found)}"
    if name == "break":
        yield from (f"  {name}: {kind.pattern or 'no pattern'}" for name, kind in KINDS.items())
    yield from (f"  {text}" for text in _WORDS if text.partition(":")[0] in found.usage)


def _undone(found: Command) -> str:
    match found.undo:
        case "cursor back":
            return "puts the cursor back"
        case "inverse":
            return "takes it back"
        case "earlier branch":
            return "goes back to how the run was before; what was spent is spent"
    return "not needed or not possible"
