"""Check the installation: what is available, what is missing and how to install it.

Nothing is changed, and the values of keys are never shown.
"""

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

from recode_core import policy_registry, protocol
from recode_core.config import BadConfig, config_path
from recode_core.environments import registry
from recode_core.environments.process.interpreter import other_python
from recode_core.extras import install_command
from recode_core.policies.openai import network
from recode_core.policies.openai.chat_request import remembered_fields
from recode_core.policies.openai.models import ModelList, list_local_models
from recode_core.policies.openai.profile import BUILTIN_PROFILES, Profile, profiles

_PACKAGES = ("openai", "genai-prices", "pydantic-monty", "textual")
_FOLDERS = ("ALFWORLD_DATA", "WEBSHOP_DATA")
_REQUIREMENT = re.compile(r"([\w.-]+).*;.*\bextra == [\"']([\w-]+)[\"']")


class Extra(msgspec.Struct, frozen=True):
    """An extra of recode and its packages with their versions, None if not installed.

    `missing` tells how to install the missing packages, or which other Python is used instead; empty if
    complete.
    """

    name: str
    packages: dict[str, str | None]
    missing: str


class EnvironmentHealth(msgspec.Struct, frozen=True):
    """An environment. `missing` names missing requirements and how to install them; empty if it can be used.

    `elsewhere` describes the Python that an environment variable sets for it; empty if the variable is not
    set.
    """

    name: str
    missing: str
    elsewhere: str = ""


class PackagePolicy(msgspec.Struct, frozen=True):
    """A policy that another package provides. `missing` is the reason why it cannot be loaded, or empty."""

    name: str
    origin: str
    missing: str


class Model(msgspec.Struct, frozen=True):
    """A profile and the state of its server.

    `local` is set for a server of the user's own; `models` are the models that it lists, None if it is not
    running. `refused` are request fields that the server rejected and that are no longer sent.
    """

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
    """A data folder that an environment variable names. `missing` is empty if the folder exists."""

    variable: str
    path: str
    missing: str


class NetworkVariable(msgspec.Struct, frozen=True):
    """An environment variable that configures network access. `problem` is empty if its value is valid."""

    name: str
    value: str
    problem: str


class Health(msgspec.Struct, frozen=True):
    """The result of `examine`. `config_error` describes an invalid configuration; `java` is None if not
    found.
    """

    versions: dict[str, str]
    extras: tuple[Extra, ...]
    environments: tuple[EnvironmentHealth, ...]
    policies: tuple[PackagePolicy, ...]
    models: tuple[Model, ...]
    config: str
    is_config_found: bool
    config_error: str
    data: tuple[Folder, ...]
    java: str | None
    network: tuple[NetworkVariable, ...] = ()
    splits: tuple[protocol.PublishedSplit, ...] = protocol.SPLITS


def examine() -> Health:
    """Check everything. Takes about as long as importing the environments."""
    error, found = "", dict(BUILTIN_PROFILES)
    try:
        found = profiles()
    except BadConfig as bad:
        error = str(bad)
    pythons = {name: other_python(name) for name in registry.names()}
    return Health(
        versions={"recode": _version("recode") or "", "python": platform.python_version()}
        | {name: _version(name) or "" for name in _PACKAGES},
        extras=tuple(_extras(pythons)),
        environments=tuple(
            EnvironmentHealth(name, registry.missing(name), pythons[name]) for name in pythons
        ),
        policies=tuple(
            PackagePolicy(name, origin, policy_registry.unavailable_reason(name))
            for name, origin in policy_registry.declared_policies().items()
        ),
        models=_models(found),
        config=str(config_path()),
        is_config_found=config_path().exists(),
        config_error=error,
        data=tuple(map(_folder, _FOLDERS)),
        java=_java(),
        network=tuple(
            NetworkVariable(each.variable, each.value, each.problem) for each in network.settings()
        ),
    )


def models() -> tuple[Model, ...]:
    """Every profile and whether its model is available. Raises BadConfig."""
    return _models(profiles())


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _extras(pythons: Mapping[str, str]) -> Iterable[Extra]:
    """The extras in recode's own metadata, except the one for tests.

    `pythons` maps an environment to a description of the Python that a variable sets for it.
    """
    by_extra: dict[str, dict[str, str | None]] = {}
    for requirement in importlib.metadata.requires("recode") or ():
        if (found := _REQUIREMENT.match(requirement)) and found[2] != "test":
            by_extra.setdefault(found[2], {})[found[1]] = _version(found[1])
    for name, packages in by_extra.items():
        get = pythons.get(name) or install_command(name)
        yield Extra(name, packages, get if None in packages.values() else "")


def _models(found: dict[str, Profile]) -> tuple[Model, ...]:
    answering = list_local_models(found)
    return tuple(model_of(name, profile, answering.get(name)) for name, profile in found.items())


def model_of(name: str, profile: Profile, listing: ModelList | None) -> Model:
    """A profile's health; `listing` is the answer of its server, None if it was not asked."""
    is_key_set = bool(profile.key and os.environ.get(profile.key, "").strip())
    missing = ""
    if profile.has_own_server and listing is not None:
        missing = _server_problem(profile, listing)
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


def _server_problem(profile: Profile, listing: ModelList) -> str:
    """Why a local server cannot be used; empty if it can."""
    start = profile.start
    match listing.problem:
        case "down":
            return f"no server is running{f'; start one: {start}' if start else ''}"
        case "slow" | "odd" if profile.model:
            return ""
        case "slow":
            return "its server did not list its models in time; set one with --model"
        case "key" if profile.key:
            return f"its server rejected the key when listing models; check {profile.key}"
        case "key":
            return "its server needs a key; set `key` in a profile to the name of its variable"
        case "odd":
            return "the server at this address lists no models; check the address"
    if profile.model or listing.default:
        return ""
    if listing.models:
        return f"its server has no chat model, only {', '.join(listing.models[:3])}"
    return f"its server has no model{f': {start}' if start else ''}"


def _folder(variable: str) -> Folder:
    path = os.environ.get(variable, "")
    if not path:
        return Folder(variable, path, "is not set")
    return Folder(variable, path, "" if Path(path).expanduser().is_dir() else "names no folder")


def _java() -> str | None:
    """The first line of the output of `java -version`; None if there is no Java."""
    java = shutil.which("java")
    if java is None:
        return None
    try:
        ran = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{java}, which does not work: {type(error).__name__}"
    lines = (ran.stderr or ran.stdout).splitlines()
    return lines[0] if lines else java
