"""The settings of the screen in the user's `config.toml`: defaults, checks, and a file to begin with.

What the user writes there holds at every start. What is chosen on the screen is remembered, too, but holds
only for what the file leaves open; see `preferences`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from textual.keys import Keys
from textual.theme import BUILTIN_THEMES

from recode_core import config
from recode_core.config import BadConfig, ConfigFile
from recode_core.suggest import unknown
from recode_tui.debug.keys import BY_NAME, GROUPS, PANEL_KEYS, display, name_of, sign_of
from recode_tui.themes import DARK, THEMES

Value = str | float | bool
_MODIFIERS = {"ctrl", "shift", "alt", "meta", "super", "hyper"}
_LONG_NAMES = {key.value for key in Keys} | {f"f{n}" for n in range(1, 25)}


class ScreenSetting(msgspec.Struct, frozen=True):
    """A setting: its name, after that of its table; what it does, and the values it takes.

    One that `is_remembered` and that the file leaves open is as it was last on the screen.
    """

    name: str
    default: Value
    help: str
    allowed: str
    is_allowed: Callable[[Any], bool]
    is_remembered: bool = False


def _switch(name: str, default: bool, help: str, *, is_remembered: bool = False) -> ScreenSetting:
    return ScreenSetting(
        name, default, help, "true or false", lambda value: isinstance(value, bool), is_remembered
    )


def _number(name: str, default: int, least: int, most: int, help: str) -> ScreenSetting:
    return ScreenSetting(
        name,
        default,
        help,
        f"a whole number from {least} to {most}",
        lambda value: type(value) is int and least <= value <= most,
        is_remembered=True,
    )


_THEME_NAMES = [theme.name for theme in THEMES]
SETTINGS: tuple[ScreenSetting, ...] = (
    ScreenSetting(
        "theme",
        DARK.name,
        "The colours.",
        f"one of {', '.join(_THEME_NAMES)}, or another theme in the command palette",
        lambda value: isinstance(value, str) and (value in _THEME_NAMES or value in BUILTIN_THEMES),
        is_remembered=True,
    ),
    _switch("title", True, "Show the task and the state in the title of the terminal."),
    _switch("bell", False, "Ring the bell of the terminal when a long command ends."),
    ScreenSetting(
        "bell_after",
        10,
        "Seconds from which on a command is long.",
        "a number of seconds from 0",
        lambda value: type(value) in (int, float) and 0 <= value < math.inf,
    ),
    _switch("hints", True, "Show each hint about keys once, where it helps."),
    _number("layout.left", 42, 20, 80, "Two columns and more: the width of the plan, in per cent."),
    _number(
        "layout.right", 42, 20, 80, "Three columns: the width of the last one, in per cent of the others."
    ),
    _number("layout.upper", 42, 20, 65, "Two columns: the height of the code, in per cent."),
    _number(
        "layout.environment",
        57,
        20,
        80,
        "The height of the environment, in per cent of it and the variables.",
    ),
    _number(
        "layout.lines",
        0,
        0,
        20,
        "Lines of the timeline with its border; 0: as many as there are branches, up to 6.",
    ),
    _number("layout.plan", 40, 20, 80, "One column: the height of the plan, in per cent."),
    _switch("layout.zoomed", False, "Show one panel at a time.", is_remembered=True),
)
"""All settings but the keys, in the order of the file."""
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_LISTED = " (`recode config --print` lists them)"
_KEY_ALLOWED = 'a key such as "s", "!", "f5" or "ctrl+n", or a list of them'


class Config(msgspec.Struct, frozen=True):
    """The settings that the user's file gives, by name, and the keys by theirs; and what is wrong in it."""

    given: Mapping[str, Value] = msgspec.field(default_factory=dict)
    keys: Mapping[str, str] = msgspec.field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Value:
        """The value of a setting, or its default."""
        return self.given.get(name, _BY_NAME[name].default)


def load() -> Config:
    """Read the user's file. What is wrong in it is a problem, and has its default."""
    try:
        return checked(config.read(config.config_path()))
    except BadConfig as error:
        return Config(problems=(str(error),))


def checked(file: ConfigFile) -> Config:
    """Check a file. Tables that belong to the core are not checked here."""
    problems: list[str] = []
    given = dict(_given(file, problems))
    return Config(given, _keys(file, problems), tuple(problems))


def _given(file: ConfigFile, problems: list[str]) -> Iterator[tuple[str, Value]]:
    found = {name: value for name, value in file.table.items() if name not in ("profiles", "keys", "layout")}
    layout = file.table.get("layout", {})
    if isinstance(layout, dict):
        found |= {f"layout.{name}": value for name, value in layout.items()}
    else:
        problems.append(f"{file.place('layout')}: layout is a table [layout]")
    for name, value in found.items():
        setting = _BY_NAME.get(name)
        if setting is not None and setting.is_allowed(value):
            yield name, value
            continue
        wrong = unknown("key", name, [*_BY_NAME, "keys", "profiles"])
        fault = f"{name} is {setting.allowed}, not {_toml(value)}" if setting is not None else wrong
        problems.append(f"{file.place(*name.split('.'))}: {fault}")


def _keys(file: ConfigFile, problems: list[str]) -> dict[str, str]:
    """The keys that the user has chosen, without those that are invalid or in conflict with others."""
    table = file.table.get("keys", {})
    if not isinstance(table, dict):
        problems.append(f"{file.place('keys')}: keys is a table [keys]")
        return {}
    chosen: dict[str, list[str]] = {}
    for name, value in table.items():
        keys = [value] if isinstance(value, str) else value
        if name not in BY_NAME:
            fault = unknown("key", f"keys.{name}", [f"keys.{known}" for known in BY_NAME], _LISTED)
        elif not isinstance(keys, list) or not keys or not all(map(_is_key, keys)):
            fault = f"{name} is {_KEY_ALLOWED}, not {_toml(value)}"
        else:
            chosen[name] = [_long_name(key) for key in keys]
            continue
        problems.append(f"{file.place('keys', name)}: {fault}")
    _drop_conflicts(chosen, file, problems)
    return {name: ",".join(keys) for name, keys in chosen.items()}


def _drop_conflicts(chosen: dict[str, list[str]], file: ConfigFile, problems: list[str]) -> None:
    """Drop the chosen keys that another name, a panel or the app has, until there are none.

    A name that is dropped has its default keys again, with which others may be in conflict.
    """
    while (found := _conflict(chosen)) is not None:
        name, key, other = found
        where = f"it is that of {other}" if other else "it is one of lists, panels or the app"
        problems.append(f"{file.place('keys', name)}: {display(key)!r} cannot be the key of {name}: {where}")
        del chosen[name]


def _conflict(chosen: dict[str, list[str]]) -> tuple[str, str, str] | None:
    """A name with a key of its own that another name has, too, or that is reserved; the last such."""
    default = {name: key.default.split(",") for name, key in BY_NAME.items()}
    owners: dict[str, list[str]] = {}
    for name, keys in {**default, **chosen}.items():
        for key in keys:
            owners.setdefault(key, []).append(name)
    for name in reversed(chosen):
        for key in chosen[name]:
            others = [owner for owner in owners[key] if owner != name]
            if others or key in PANEL_KEYS:
                return name, key, others[0] if others else ""
    return None


def _is_key(text: object) -> bool:
    if not isinstance(text, str) or not text:
        return False
    *modifiers, last = text.split("+") if len(text) > 1 else [text]
    return set(modifiers) <= _MODIFIERS and (
        (len(last) == 1 and last.isprintable() and not last.isspace()) or _long_name(last) in _LONG_NAMES
    )


def _long_name(key: str) -> str:
    """The name of a key as Textual has it, such as exclamation_mark for !."""
    return "escape" if key == "esc" else name_of(key)


# the file


_BEGINNING = """\
# The settings of recode. Take away the # before a setting to change it.
#
# What is written here holds at every start. The theme and the layout that you choose on the screen are
# remembered, and hold as long as they are not written here. `recode config --check` tells what is wrong.
"""
_PROFILES = """
# Models: a profile for each endpoint; the documentation lists the fields.
# [profiles.mine]
# base_url = "http://127.0.0.1:8000/v1"
# model = "a-model"
"""


def text(found: Config) -> str:
    """A file with all settings: those that are given, and the others as comments with their defaults."""
    lines = [_BEGINNING]
    before = ""
    for setting in SETTINGS:
        table, _, name = setting.name.rpartition(".")
        if table != before:
            lines.append(f"\n[{table}]")
        before = table
        lines.append(f"\n# {setting.help}\n# It is {setting.allowed}.\n")
        lines.append(_line(name, found.given.get(setting.name), setting.default))
    lines.append('\n[keys]\n# The keys of the debugger, each as "s" or as a list ["s", "f11"].\n')
    for group, keys in GROUPS.items():
        lines.append(f"\n# {group}\n")
        for key in keys:
            default = [sign_of(each) for each in key.default.split(",")]
            chosen = found.keys.get(key.name)
            own = [sign_of(each) for each in chosen.split(",")] if chosen is not None else None
            lines.append(_line(key.name, own, default, f"  # {key.help}"))
    return "".join(lines) + _PROFILES


def _line(name: str, given: object, default: object, comment: str = "") -> str:
    lead, value = ("", given) if given is not None else ("# ", default)
    return f"{lead}{name} = {_toml(value)}{comment}\n"


def _toml(value: object) -> str:
    """A value as it is written in the file."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case [only]:
            return _toml(only)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return "a table"
    return str(value)
