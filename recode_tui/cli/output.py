"""Output of commands, without markup and without control codes from outside."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.text import Text

from recode_core.errors import RecodeError, exit_code
from recode_core.format import counted, dollars, score_text, time_text
from recode_core.values import clean
from recode_tui.cli.streams import can_draw
from recode_tui.text import json_text, plain

if TYPE_CHECKING:
    from recode_core.result import Result
    from recode_core.tokens import PromptTokens

_WIDTH = 200  # characters of a line in a file or a pipe
_LONG = re.compile(r"\S{400,}")  # longer than what is typed by hand
_MESSAGE = 4000  # characters


class _PlainConsole(Console):
    """A console that shows control codes instead of sending them, also those in the cells of tables."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(plain(text), **options)


def console(*, is_error: bool = False) -> Console:
    """A console for plain text, with a fixed width if it is not a terminal that can be drawn on."""
    made = _PlainConsole(
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=True,
        stderr=is_error,
        force_terminal=None if can_draw() else False,
    )
    if not made.is_terminal:
        made.width = _WIDTH
    return made


def print_notice(text: str) -> None:
    """Print a notice to stderr, unless it is empty."""
    if text:
        print(f"recode: {plain(text)}", file=sys.stderr)


def print_error(error: RecodeError) -> int:
    """Print an error to stderr and return its exit code."""
    print_notice(truncate(str(error)))
    return exit_code(error)


def truncate(message: str) -> str:
    """A message with long values, and its middle if it is long itself, left out."""
    message = _LONG.sub(lambda word: f"{word[0][:100]}…{word[0][-50:]}", message)
    return message if len(message) <= _MESSAGE else f"{message[: _MESSAGE - 500]}…{message[-499:]}"


def print_json(row: object) -> None:
    """Print a JSON value on one line; characters that cannot be encoded become `?`."""
    print(json_text(_encode(row)), flush=True)


def _encode(row: object) -> bytes:
    try:
        return msgspec.json.encode(row, enc_hook=_plain_text)
    except UnicodeEncodeError:
        return msgspec.json.encode(_without_surrogates(msgspec.to_builtins(row, enc_hook=_plain_text)))


def _without_surrogates(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case dict():
            return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
        case list() | tuple():
            return [_without_surrogates(each) for each in value]
    return value


def _plain_text(value: object) -> str:
    if isinstance(value, str):  # of a subclass, such as a line with its references
        return str(value)
    if isinstance(value, Path):
        return str(value).encode(errors="replace").decode()
    raise NotImplementedError


def result_line(result: Result) -> str:
    """A result in one line."""
    from recode_core.statuses import outcome_text

    parts = [
        outcome_text(result.outcome, result.limit),
        score_text(result.score),
        counted(result.steps, "step"),
        counted(result.nodes, "node"),
        f"depth {result.depth}",
        counted(result.calls, "call"),
        counted(result.tokens, "token"),
        dollars(result.cost_usd),
        time_text(result.seconds),
    ]
    return " · ".join(parts)


def tokens_line(tokens: PromptTokens) -> str:
    """Prompt tokens in one line."""
    how = "; estimated, 4 characters a token" if tokens.is_estimated else ""
    return f"{counted(tokens.total, 'prompt token')}, {tokens.cached:,} of them in the prompt before{how}"
