"""The user's `config.toml`: its place, its text, and the lines of its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from recode_core.errors import RecodeError

SCREEN_KEYS = ("theme", "title", "bell", "bell_after", "hints", "layout", "keys")
"""Keys at the top level that set up the screen. They are read by the screen, not here."""


class BadConfig(RecodeError):
    """The user's configuration is invalid."""


def config_path() -> Path:
    """Return the path of the user's configuration."""
    return platformdirs.user_config_path("recode", appauthor=False) / "config.toml"


class ConfigFile(msgspec.Struct, frozen=True):
    """A configuration as text and as the table in it."""

    path: Path
    text: str
    table: dict[str, Any]

    def place(self, *keys: str) -> str:
        """The file with the line of a key, which is given by the names of its tables and its own."""
        return f"{self.path}, line {line_of(self.text, *keys)}"


def read(path: Path) -> ConfigFile:
    """Read a configuration; one that is missing is empty. Raises BadConfig with the line that is wrong."""
    if not (text := _text(path)):
        return ConfigFile(path, text, {})
    import tomllib  # most users have no configuration

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{path} is not TOML: {error}") from None
    return ConfigFile(path, text, table)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadConfig(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadConfig(f"{path} cannot be read: byte {error.start} is not UTF-8 text") from None


def line_of(text: str, *keys: str) -> int:
    """Return the first line with which a key is in a TOML text; of one that is not there, of its table."""
    import tomllib

    lines = text.splitlines()
    line, deepest = 1, 0
    for n in range(1, len(lines) + 1):
        try:
            depth = _depth(tomllib.loads("\n".join(lines[:n])), keys)
        except tomllib.TOMLDecodeError:  # in the middle of a value of several lines
            continue
        if depth > deepest:
            line, deepest = n, depth
    return line


def _depth(table: Any, keys: tuple[str, ...]) -> int:
    """The number of keys that are in the table, from the first on."""
    for depth, key in enumerate(keys):
        if not isinstance(table, dict) or key not in table:
            return depth
        table = table[key]
    return len(keys)
