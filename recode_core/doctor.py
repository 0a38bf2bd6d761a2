"""What is here to work with, what is missing, and how to get it. Nothing is changed, no key is read out."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from recode_core import policy, protocol
from recode_core.environments import registry
from recode_core.environments.process.interpreter import elsewhere
from recode_core.policies.openai import network
from recode_core.policies.openai.chat_request import remembered_fields
from recode_core.policies.openai.models import ModelList, list_local_models
from recode_core.policies.openai.profile import BUILTIN_PROFILES, BadConfig, Profile, config_path, profiles

_PACKAGES = ("openai", "genai-prices", "pydantic-monty", "textual")
_FOLDERS = ("ALFWORLD_DATA", "WEBSHOP_DATA")
_REQUIREMENT = re.compile(r"([\w.-]+).*;.*\bextra == [\"']([\w-]+)[\"']")


class Extra(msgspec.Struct, frozen=True):
    """An extra of recode: its packages with their versions, None for those that are not installed.

    `missing` says how to get those, or which other Python stands in; it is empty where none is missing.
    """

    name: str
    packages: dict[str, str | None]
    missing: str


class Environment(msgspec.Struct, frozen=True):
    """An environment; `missing` says what it lacks and how to get it, and is empty where it can be played.

    `elsewhere` says what the Python that a variable names for it has; it is empty without that variable.
    """

    name: str
    missing: str
    elsewhere: str = ""


class PackagePolicy(msgspec.Struct, frozen=True):
    """A policy that another package brings, and from where; `missing` is empty where it can be loaded."""

    name: str
    origin: str
    missing: str


class Model(msgspec.Struct, frozen=True):
    """A profile. `local` says that its server is the user's own; `models` are those that it lists, None where
    it does not run. `refused` are the fields that its server refused and that are left out."""

    profile: str
    base_url: str
    model: str
    local: bool
    key: str
    is_key_set: bool
    models: tuple[str, ...] | None
    missing: str
    refused: tuple[str, ...] = ()


class Folder(msgspec.Struct, frozen=True):
    """A folder of data that a variable names; `missing` is empty where it is there."""

    variable: str
    path: str
    missing: str


class Variable(msgspec.Struct, frozen=True):
    """A variable that decides how endpoints are reached; `problem` is empty where it can be used."""

    name: str
    value: str
    problem: str


class Health(msgspec.Struct, frozen=True):
    """All of it. `config_error` says what is wrong with the configuration; `java` is None without one."""

    versions: dict[str, str]
    extras: tuple[Extra, ...]
    environments: tuple[Environment, ...]
    policies: tuple[PackagePolicy, ...]
    models: tuple[Model, ...]
    config: str
    is_config_found: bool
    config_error: str
    data: tuple[Folder, ...]
    java: str | None
    network: tuple[Variable, ...] = ()
    splits: tuple[protocol.PublishedSplit, ...] = protocol.SPLITS


def examine() -> Health:
    """Look at everything; takes about as long as the environments take to be imported."""
    error, found = "", dict(BUILTIN_PROFILES)
    try:
        found = profiles()
    except BadConfig as bad:
        error = str(bad)
    pythons = {name: elsewhere(name) for name in registry.names()}
    return Health(
        versions={"recode": _version("recode") or "", "python": platform.python_version()}
        | {name: _version(name) or "" for name in _PACKAGES},
        extras=tuple(_extras(pythons)),
        environments=tuple(Environment(name, registry.missing(name), pythons[name]) for name in pythons),
        policies=tuple(
            PackagePolicy(name, origin, policy.missing(name)) for name, origin in policy.of_packages().items()
        ),
        models=_models(found),
        config=str(config_path()),
        is_config_found=config_path().exists(),
        config_error=error,
        data=tuple(map(_folder, _FOLDERS)),
        java=_java(),
        network=tuple(Variable(each.variable, each.value, each.problem) for each in network.settings()),
    )


def models() -> tuple[Model, ...]:
    """Every profile, and whether its model can be asked. Raises BadConfig."""
    return _models(profiles())


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _extras(pythons: Mapping[str, str]) -> Iterable[Extra]:
    """The extras that recode's own metadata declares, without the one for its tests.

    `pythons` says of an environment what the Python that a variable names for it has.
    """
    by_extra: dict[str, dict[str, str | None]] = {}
    for requirement in importlib.metadata.requires("recode") or ():
        if (found := _REQUIREMENT.match(requirement)) and found[2] != "test":
            by_extra.setdefault(found[2], {})[found[1]] = _version(found[1])
    for name, packages in by_extra.items():
        get = pythons.get(name) or f"pip install 'recode[{name}]'"
        yield Extra(name, packages, get if None in packages.values() else "")


def _models(found: dict[str, Profile]) -> tuple[Model, ...]:
    answering = list_local_models(found)
    return tuple(model_of(name, profile, answering.get(name)) for name, profile in found.items())


def model_of(name: str, profile: Profile, listing: ModelList | None) -> Model:
    """Whether the model of a profile can be asked, where its server answers with that `listing`."""
    is_key_set = bool(profile.key and os.environ.get(profile.key, "").strip())
    missing = ""
    if profile.has_own_server and listing is not None:
        missing = _lacks(profile, listing)
    elif profile.key and not is_key_set and not profile.has_own_server:
        missing = f"no key; set the variable {profile.key}"
    models = None if listing is None or listing.problem else listing.models
    model = profile.model or (listing.default if listing else "")
    return Model(
        name,
        profile.base_url,
        profile.model,
        profile.has_own_server,
        profile.key,
        is_key_set,
        models,
        missing,
        tuple(sorted(remembered_fields(profile.base_url, model))),
    )


def _lacks(profile: Profile, listing: ModelList) -> str:
    """What a server on this machine lacks."""
    start = profile.start
    match listing.problem:
        case "down":
            return f"no server runs{f'; start one: {start}' if start else ''}"
        case "slow" | "odd" if profile.model:
            return ""
        case "slow":
            return "its server has not listed its models in time; name one with --model"
        case "key" if profile.key:
            return f"its server wants another key to list its models; check {profile.key}"
        case "key":
            return "its server wants a key; name its variable with key in a profile"
        case "odd":
            return "what answers there lists no models; check the address"
    if profile.model or listing.default:
        return ""
    if listing.models:
        return f"its server has no model that can chat, only {', '.join(listing.models[:3])}"
    return f"its server has no model{f': {start}' if start else ''}"


def _folder(variable: str) -> Folder:
    path = os.environ.get(variable, "")
    if not path:
        return Folder(variable, path, "is not set")
    return Folder(variable, path, "" if Path(path).expanduser().is_dir() else "names no folder")


def _java() -> str | None:
    """The first line that `java -version` says."""
    java = shutil.which("java")
    if java is None:
        return None
    try:
        ran = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{java}, which does not work: {type(error).__name__}"
    said = (ran.stderr or ran.stdout).splitlines()
    return said[0] if said else java
