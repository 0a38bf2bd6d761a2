"""Environments by name, built-in and from entry points of other packages; imported on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec

from recode_core.entry_points import declared, loaded
from recode_core.entry_points.calls import calling
from recode_core.entry_points.fields import BadValue
from recode_core.environments.environment import Environment, Guide, Restoration
from recode_core.environments.guard import missing_of
from recode_core.errors import EnvironmentUnavailable, RecodeError
from recode_core.once import once
from recode_core.suggest import unknown_name

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "recode.environments"
"""The entry point group for environments of other packages: name = "module:Class"."""

_BUILTIN = {
    "household": "recode_core.environments.household:Household",
    "alfworld": "recode_core.environments.alfworld:Alfworld",
    "scienceworld": "recode_core.environments.scienceworld:ScienceWorld",
    "webshop": "recode_core.environments.webshop:WebShop",
}


def names() -> tuple[str, ...]:
    """Names of all environments, installed or not."""
    return tuple(_BUILTIN | declared(GROUP))


@once
def environment(name: str) -> Environment:
    """The environment of that name. Raises RecodeError for an unknown name, or EnvironmentUnavailable."""
    from importlib.metadata import EntryPoint  # slow to import

    if name in _BUILTIN:
        point: EntryPoint | None = EntryPoint(name, _BUILTIN[name], GROUP)
    else:
        point = declared(GROUP).get(name)
    if point is None:
        raise unknown_name(RecodeError, "environment", name, names())
    return _create(point, loaded(point, EnvironmentUnavailable))


def missing(name: str) -> str:
    """Why an environment is unavailable, and how to install what it lacks; empty if it is available."""
    try:
        return missing_of(environment(name))
    except RecodeError as error:
        return str(error)


def _create(point: EntryPoint, make: object) -> Environment:
    with calling(f"{point.name} cannot be used: {point.value} gives", EnvironmentUnavailable):
        made = make() if callable(make) else make
        if not isinstance(made, Environment):
            raise EnvironmentUnavailable(
                f"{point.name} cannot be used: {point.value} makes a {type(made).__name__}, which does "
                "not implement recode_core.environments.environment.Environment"
            )
    with calling(f"{point.name} cannot be used:", EnvironmentUnavailable):
        _check(made)
    return made


def _check(environment: Environment) -> None:
    """Check the types and values of an environment's attributes. Raises BadValue."""
    if not isinstance(environment.name, str):
        raise BadValue("its name", environment.name, "a str")
    if environment.restoration not in get_args(Restoration):
        wanted = f"one of {', '.join(get_args(Restoration))}"
        raise BadValue("its restoration", environment.restoration, wanted)
    if not isinstance(environment.guide, Guide):
        raise BadValue("its guide", environment.guide, "a Guide")
    texts = msgspec.structs.asdict(environment.guide)
    if not isinstance(kinds := texts.pop("kinds"), dict):
        raise BadValue("kinds of its guide", kinds, "a dict of str")
    for field, text in (texts | {f"kind {kind!r}": text for kind, text in kinds.items()}).items():
        if not isinstance(text, str):
            raise BadValue(f"{field} of its guide", text, "a str")
