"""What commands print: never markup, never a control code from outside."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console

from recode_core.errors import RecodeError, exit_code
from recode_core.values import clean
from recode_tui.text import json_text, plain

if TYPE_CHECKING:
    from recode_core.result import Result
    from recode_core.tokens import PromptTokens

_WIDTH = 200  # characters of a line in a file or a pipe
_LONG = re.compile(r"\S{400,}")  # what nobody has typed by hand
_MESSAGE = 4000  # characters


def console(*, is_error: bool = False) -> Console:
    """A console that takes what it is given for text, and shortens less where no screen sets the width."""
    made = Console(markup=False, highlight=False, emoji=False, soft_wrap=True, stderr=is_error)
    if not made.is_terminal:
        made.width = _WIDTH
    return made


def print_notice(text: str) -> None:
    """Say something beside the output, if there is something to say."""
    if text:
        print(f"recode: {plain(text)}", file=sys.stderr)


def tell(error: RecodeError) -> int:
    """Say what went wrong; the exit code that stands for it."""
    print_notice(shortened(str(error)))
    return exit_code(error)


def shortened(message: str) -> str:
    """A message, without most of the long values that it repeats."""
    message = _LONG.sub(lambda word: f"{word[0][:100]}…{word[0][-50:]}", message)
    return message if len(message) <= _MESSAGE else f"{message[: _MESSAGE - 500]}…{message[-499:]}"


def print_json(row: object) -> None:
    """Print one JSON value, on a line of its own; what cannot be encoded in it becomes `?`."""
    print(json_text(_encoded(row)), flush=True)


def _encoded(row: object) -> bytes:
    try:
        return msgspec.json.encode(row, enc_hook=_text)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(row, enc_hook=_text)))


def _encodable(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case dict():
            return {_encodable(key): _encodable(each) for key, each in value.items()}
        case list() | tuple():
            return [_encodable(each) for each in value]
    return value


def _text(value: object) -> str:
    if isinstance(value, Path):
        return str(value).encode(errors="replace").decode()
    raise NotImplementedError


def result_line(result: Result) -> str:
    """A result in one line."""
    from recode_core.result import format_count, format_score

    cost = "cost unknown" if result.cost_usd is None else f"${result.cost_usd:.4f}"
    parts = [
        _outcome(result),
        format_score(result),
        format_count(result.steps, "steps"),
        f"{result.nodes} nodes",
        f"depth {result.depth}",
        format_count(result.calls, "calls"),
        format_count(result.tokens, "tokens"),
        cost,
        "time unknown" if result.seconds is None else f"{result.seconds:.2f} s",
    ]
    return " · ".join(parts)


def tokens_line(tokens: PromptTokens) -> str:
    """Prompt tokens in one line."""
    how = "; estimated, 4 characters a token" if tokens.is_estimated else ""
    return f"{tokens.total} prompt tokens, {tokens.cached} of them in the prompt before{how}"


def _outcome(result: Result) -> str:
    match result.outcome:
        case None:
            return "unfinished"
        case "solved":
            return "solved"
        case "limit":
            return f"not solved: the limit of {result.limit} is reached"
        case "failed":
            return "not solved: the root failed"
        case "done":
            return "not solved: the world is done"
        case "finished":
            return "not solved: the code came to its end"
