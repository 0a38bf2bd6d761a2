"""The user's profiles: `config.toml` in the configuration folder, over the ready ones."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

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
        like = table.pop("like", name)
        if like not in found and "like" in _keys(text, name):
            raise BadConfig(
                f"{path}, {_line(text, name, 'like')}: there is no profile {like!r}; "
                f"there are {', '.join(sorted(found))}"
            )
        found[name] = _of_user(path, text, name, table, found.get(like))
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
            f"{path}, {_line(text, '', unknown[0])}: {unknown[0]!r} means nothing here; a profile is a table "
            f"[profiles.NAME]"
        )
    tables = config.get("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise BadConfig(f"{path}: a profile is a table [profiles.NAME]")
    return tables


def _of_user(path: Path, text: str, name: str, table: dict[str, Any], like: Profile | None) -> Profile:
    try:
        return _merged(table, like)
    except (msgspec.ValidationError, ValueError) as error:
        said, _, place = str(error).partition(" - at `$.")
        field = re.search(r"`(\w+)`$", said) if "unknown field" in said else re.match(r"\w+", place or said)
        where = _line(text, name, field[field.lastindex or 0] if field else "")
        raise BadConfig(f"{path}, {where}: {said}{f' for {place[:-1]}' if place else ''}") from None


def _converted(table: dict[str, Any], like: Profile, where: str) -> Profile:
    try:
        return _merged(table, like)
    except ValueError as error:
        raise BadConfig(f"{where}: {error}") from None


def _merged(table: dict[str, Any], like: Profile | None) -> Profile:
    fields: dict[str, Any] = {}
    if like is not None:
        fields = msgspec.structs.asdict(like) | {"timeouts": msgspec.structs.asdict(like.timeouts)}
        if isinstance(table.get("timeouts"), dict):
            table = table | {"timeouts": fields["timeouts"] | table["timeouts"]}
    return msgspec.convert(fields | table, Profile)


def _keys(text: str, profile: str) -> set[str]:
    table = tomllib.loads(text)["profiles"][profile]
    return set(table)


def _line(text: str, profile: str, key: str) -> str:
    """Where a key stands in the table of a profile, as far as it can be told; else where the table begins."""
    lines = text.splitlines()
    name = re.escape(profile)
    headings = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*\[profiles\.[\"']?{name}\b", line)]
    begin = headings[0] if headings else 1
    for number, line in enumerate(lines[begin - 1 :], begin):
        if key and re.match(rf"\s*\[?[\"']?{re.escape(key)}\b", line):
            return f"line {number}"
        if number > begin and re.match(r"\s*\[profiles\.", line) and number not in headings:
            break
    return f"line {begin}"
