"""Completion of code in an editor: names, and inside `run('` the actions of the environment."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence

import msgspec

from recode_core.statements.names import BUILTINS, MODULES, TOOLS
from recode_core.statements.unavailable import BUILTINS as UNAVAILABLE
from recode_core.syntax import parse
from recode_tui.debug.action_line import matching
from recode_tui.debug.view_frame import Frame

_ACTION = re.compile(r"\brun\(\s*((?P<quote>['\"])(?P<typed>(?:(?!(?P=quote))[^\\])*))$")
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*$")
_STRINGS = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"")
_LETTERS = re.compile(r"\w+")
_CALLS = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*\(")
_NAMES = re.compile(r"(?<![\w.])[^\W\d]\w+")
GIVEN = (
    *sorted(TOOLS),
    *sorted(MODULES),
    *sorted(BUILTINS - UNAVAILABLE.keys() - {"__import__", "__name__"}),
)
"""Names that code may always use."""
_KEYWORDS = frozenset(keyword.kwlist)


class Completion(msgspec.Struct, frozen=True):
    """Texts that may replace the columns `start` to `end` of a line. `is_action` if they are actions."""

    start: int
    end: int
    options: tuple[str, ...]
    is_action: bool = False

    def text(self, option: str) -> str:
        """The text to insert for an option."""
        return f"{option!r})" if self.is_action else option


def complete(
    line: str, column: int, words: Sequence[str], actions: Sequence[str], is_forced: bool = False
) -> Completion | None:
    """The completion at a column of a line; None if there is nothing to complete.

    Without a word before the column, names are offered only if `is_forced`.
    """
    before, after = line[:column], line[column:]
    if (action := _ACTION.search(before)) is not None:
        quote = action["quote"]
        rest = re.match(rf"[^{quote}]*{quote}\)?|\)?", after)
        end = column + (rest.end() if rest is not None else 0)
        return Completion(action.start(1), end, matching(tuple(actions), action["typed"]), is_action=True)
    code = _STRINGS.sub("", before)
    if "'" in code or '"' in code or "#" in code:
        return None
    word = _WORD.search(before)
    prefix = word[0] if word is not None else ""
    if not prefix and (not is_forced or before.rstrip().endswith(".")):
        return None
    rest = _LETTERS.match(after)
    whole = prefix + (rest[0] if rest is not None else "")
    found = (name for name in words if name.startswith(prefix) and name not in (prefix, whole))
    options = tuple(dict.fromkeys(found))
    return Completion(column - len(prefix), column, options) if options else None


def words_of(text: str) -> Iterator[str]:
    """The names in a text that is being edited."""
    yield from (name for name in dict.fromkeys(_NAMES.findall(text)) if name not in _KEYWORDS)


def words_at(frame: Frame) -> tuple[str, ...]:
    """The names to complete at a moment: variables, placeholders of the session, and what is always there.

    It takes O(expansions). It may be called from any thread.
    """
    variables = frame.moment.variables()
    known = {*variables, *GIVEN}
    found = dict.fromkeys(variables)
    for history in tuple(frame.timeline.expansions.histories.values()):
        for code in history.codes[:]:
            found |= dict.fromkeys(f"{name}(" for name in _CALLS.findall(code.text) if name not in known)
    return (*found, *GIVEN)


def insertion(line: str, column: int, action: str) -> tuple[int, int, str]:
    """The columns of a line to replace, and the text that takes an action: `run('…')` at the cursor.

    Behind a whole statement, or the head of a block, it stands on a line of its own.
    """
    found = complete(line, column, (), ())
    if found is not None and found.is_action:
        return found.start, found.end, found.text(action)
    before = line[:column]
    indent = before[: len(before) - len(before.lstrip())]
    if line[column:].strip() or not before.strip():
        lead = ""
    elif before.rstrip().endswith(":"):
        lead = f"\n{indent}    "
    else:
        lead = f"\n{indent}" if _is_statement(before.strip()) else ""
    return column, column, f"{lead}run({action!r})"


def _is_statement(text: str) -> bool:
    try:
        parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
