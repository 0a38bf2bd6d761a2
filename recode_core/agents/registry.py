"""Agents by name."""

from __future__ import annotations

from recode_core.agents.agent import Agent
from recode_core.agents.codeact import CodeAct
from recode_core.agents.react import ReAct
from recode_core.agents.recode import ReCode
from recode_core.environments.environment import Guide
from recode_core.errors import RecodeError
from recode_core.statements import EDITION
from recode_core.suggest import unknown_name

_AGENTS: dict[str, type[ReCode | ReAct | CodeAct]] = {kind.name: kind for kind in (ReCode, ReAct, CodeAct)}


def names() -> tuple[str, ...]:
    """Names of all agents."""
    return tuple(_AGENTS)


def takes_turns(name: str) -> bool:
    """Whether the agent of that name takes turns; False for an unknown agent."""
    return name in _AGENTS and _AGENTS[name].takes_turns


def agent(name: str, guide: Guide, edition: int = EDITION) -> Agent:
    """The agent of that name, for an environment's guide and a session's edition.

    Raises RecodeError with the available names.
    """
    if name not in _AGENTS:
        raise unknown_name(RecodeError, "agent", name, _AGENTS)
    return _AGENTS[name](guide, edition)
