"""The user's profiles: `config.toml` in the configuration folder, over the ready ones."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from recode_core.decoding import in_plain_words
from recode_core.errors import RecodeError
from recode_core.policies.openai.profile import Profile
from recode_core.policies.openai.ready import READY


class BadConfig(RecodeError):
    """The user's configuration cannot be used."""


def config_path() -> Path:
    """Where the user's profiles are."""
    return platformdirs.user_config_path("recode", appauthor=False) / "config.toml"


def profiles() -> dict[str, Profile]:
    """Every profile by its name. Raises BadConfig with the line that is wrong."""
    found = dict(READY)
    if url := os.environ.get("OPENAI_BASE_URL"):
        found["openai"] = _converted({"base_url": url}, found["openai"], "the variable OPENAI_BASE_URL")
    path = config_path()
    text = _read(path)
    for name, table in _tables(path, text).items():
        found[name] = _of_user(path, text, name, table, found)
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadConfig(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadConfig(f"{path} cannot be read: byte {error.start} is no UTF-8 text") from None


def _tables(path: Path, text: str) -> dict[str, dict[str, Any]]:
    try:
        config = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{path} is no TOML: {error}") from None
    unknown = [key for key in config if key != "profiles"]
    if unknown:
        raise BadConfig(
            f"{path}, {_line(text, '', unknown)}: {unknown[0]!r} means nothing here; a profile is a table "
            "[profiles.NAME]"
        )
    tables = config.get("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise BadConfig(f"{path}: a profile is a table [profiles.NAME]")
    return tables


def _of_user(
    path: Path, text: str, name: str, table: dict[str, Any], found: Mapping[str, Profile]
) -> Profile:
    like = table.pop("like", name)
    try:
        if like != name and like not in found:
            raise ValueError(f"like: there is no profile {like!r}; there are {', '.join(sorted(found))}")
        return _merged(table, found.get(like))
    except ValueError as error:
        said, _, place = str(error).partition(" - at `$")
        keys = [
            *re.findall(r"field `(\w+)`", said),
            said.partition(" ")[0].rstrip(":"),
            *re.findall(r"\w+", place),
        ]
        where = _line(text, name, keys)
        raise BadConfig(f"{path}, {where}: {in_plain_words(error)}") from None


def _converted(table: dict[str, Any], like: Profile, where: str) -> Profile:
    try:
        return _merged(table, like)
    except ValueError as error:
        raise BadConfig(f"{where}: {in_plain_words(error)}") from None


def _merged(table: dict[str, Any], like: Profile | None) -> Profile:
    fields: dict[str, Any] = {}
    if like is not None:
        fields = msgspec.structs.asdict(like) | {"timeouts": msgspec.structs.asdict(like.timeouts)}
        if isinstance(table.get("timeouts"), dict):
            table = table | {"timeouts": fields["timeouts"] | table["timeouts"]}
    return msgspec.convert(fields | table, Profile)


def _line(text: str, profile: str, keys: Iterable[str]) -> str:
    """Where the first of the keys that is there stands in the table of a profile; else where that begins."""
    lines = dict(enumerate(text.splitlines(), 1))
    heading = re.compile(rf"\s*\[profiles\.[\"']?{re.escape(profile)}[\"'\].]")
    begin = next((number for number, line in lines.items() if heading.match(line)), 1)
    ends = (
        n for n, line in lines.items() if n > begin and re.match(r"\s*\[", line) and not heading.match(line)
    )
    end = next(ends, len(lines) + 1)
    for key in keys:
        for number in range(begin, end):
            if re.match(rf"\s*\[?[\"']?{re.escape(key)}\b", lines[number]):
                return f"line {number}"
    return f"line {begin}"
