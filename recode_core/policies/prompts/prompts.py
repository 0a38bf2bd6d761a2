"""A set of prompts for one environment and one agent, and the system message that it makes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files

import msgspec

from recode_core.environments.environment import Guide
from recode_core.errors import RecodeError
from recode_core.once import once
from recode_core.statements import EDITION

OURS = "bundled"
"""The name of our own set."""

EXAMPLES_OF = {"recode": "examples", "react": "react", "codeact": "codeact"}
"""The field of a `Guide` that has the worked examples for an agent."""

DIGEST = 8
"""Hex digits that identify a system message where it is named."""

_EDITIONS = re.compile(r"\[(\d*)-(\d*)\] ")
"""What a line of our rules begins with that holds in some editions of the language only: first and last."""


class Prompts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The texts of a set: how to write code (`rules`), what the world understands (`actions`), worked
    `examples`.

    `kinds` has examples for tasks of a kind, which take the place of `examples` there. `name` is the
    folder's name, or "bundled". `sources` says where each text comes from, by "rules", "actions", "examples"
    and "examples/KIND": a file's path in the folder, or "bundled".
    """

    name: str
    rules: str
    actions: str
    examples: str = ""
    kinds: dict[str, str] = {}
    sources: dict[str, str] = {}

    def for_kind(self, kind: str) -> Prompts:
        """The set for a task of that kind: no other examples are left in it."""
        sources = {part: source for part, source in self.sources.items() if "/" not in part}
        examples = self.examples
        if kind in self.kinds:
            examples = self.kinds[kind]
            sources["examples"] = self.sources.get(f"examples/{kind}", self.name)
        return msgspec.structs.replace(self, examples=examples, kinds={}, sources=sources)

    @property
    def digest(self) -> str:
        """Identifies the system message, and the examples by kind: the beginning of a SHA-256."""
        kinds = [f"\n\n# {kind}\n{text}" for kind, text in sorted(self.kinds.items())]
        return digest_of("".join([system_text(self), *kinds]))


def digest_of(system: str) -> str:
    """The digest of a system message; its name in the text store of a session begins with it."""
    return hashlib.sha256(system.encode()).hexdigest()[:DIGEST]


def system_text(prompts: Prompts) -> str:
    """The system message of a set whose examples were chosen."""
    sections = (
        prompts.rules.strip(),
        f"# Actions\n{prompts.actions.strip()}" if prompts.actions.strip() else "",
        f"# Examples\n{prompts.examples.strip()}" if prompts.examples.strip() else "",
    )
    return "\n\n".join(section for section in sections if section)


def bundled(guide: Guide, agent: str, edition: int = EDITION) -> Prompts:
    """Our own set for an environment and an agent, as an edition of the language has it.

    Raises RecodeError for an agent that there isn't.
    """
    if agent not in EXAMPLES_OF:
        raise RecodeError(f"unknown agent {agent!r} (available: {', '.join(EXAMPLES_OF)})")
    kinds = guide.kinds if agent == "recode" else {}
    parts = ("rules", "actions", "examples", *(f"examples/{kind}" for kind in kinds))
    return Prompts(
        OURS,
        rules_for(agent, edition),
        guide.actions,
        getattr(guide, EXAMPLES_OF[agent]),
        kinds,
        dict.fromkeys(parts, OURS),
    )


@once
def rules_for(agent: str, edition: int = EDITION) -> str:
    """Our rules for an agent, as an edition of the language has them."""
    text = files("recode_core.policies").joinpath("prompts", f"{agent}.md").read_text("utf-8").strip()
    return "\n".join(line for marked in text.split("\n") for line in _holding(marked, edition))


def _holding(marked: str, edition: int) -> Iterator[str]:
    """A line without its mark, if it holds in an edition."""
    mark = _EDITIONS.match(marked)
    if mark is None:
        yield marked
    elif int(mark[1] or 1) <= edition and (not mark[2] or edition <= int(mark[2])):
        yield marked[mark.end() :]
