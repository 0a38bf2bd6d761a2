"""A set of prompts for an environment and an agent, and its system message."""

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
from recode_core.suggest import unknown_name

BUNDLED = "bundled"
"""The name of the bundled set."""

EXAMPLES_OF = {"recode": "examples", "react": "react", "codeact": "codeact"}
"""The field of a `Guide` with the worked examples for an agent."""

DIGEST = 8
"""Number of hex digits in the digest of a system message."""

_EDITIONS = re.compile(r"\[(\d*)-(\d*)\] ")
"""The mark before a line of our rules that holds in some editions of the language only: first and last."""


class Prompts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The texts of a set: how to write code (`rules`), the legal `actions`, and worked `examples`.

    `kinds` maps a kind of task to examples that replace `examples` for it. `name` is the folder's name, or
    "bundled". `sources` maps each part ("rules", "actions", "examples", "examples/KIND") to the path of its
    file in the folder, or to "bundled".
    """

    name: str
    rules: str
    actions: str
    examples: str = ""
    kinds: dict[str, str] = {}
    sources: dict[str, str] = {}

    def for_kind(self, kind: str) -> Prompts:
        """The set for tasks of a kind, without the examples for other kinds."""
        sources = {part: source for part, source in self.sources.items() if "/" not in part}
        examples = self.examples
        if kind in self.kinds:
            examples = self.kinds[kind]
            sources["examples"] = self.sources.get(f"examples/{kind}", self.name)
        return msgspec.structs.replace(self, examples=examples, kinds={}, sources=sources)

    @property
    def digest(self) -> str:
        """The beginning of a SHA-256 of the system message and the examples by kind."""
        kinds = [f"\n\n# {kind}\n{text}" for kind, text in sorted(self.kinds.items())]
        return digest_of("".join([system_text(self), *kinds]))


def digest_of(system: str) -> str:
    """The digest of a system message, which begins its name in a session's text store."""
    return hashlib.sha256(system.encode()).hexdigest()[:DIGEST]


def system_text(prompts: Prompts) -> str:
    """The system message of a set, with `examples` as its only examples."""
    sections = (
        prompts.rules.strip(),
        f"# Actions\n{prompts.actions.strip()}" if prompts.actions.strip() else "",
        f"# Examples\n{prompts.examples.strip()}" if prompts.examples.strip() else "",
    )
    return "\n\n".join(section for section in sections if section)


def bundled(guide: Guide, agent: str, edition: int = EDITION) -> Prompts:
    """The bundled set for an environment and an agent, in an edition of the language.

    Raises RecodeError for an unknown agent.
    """
    if agent not in EXAMPLES_OF:
        raise unknown_name(RecodeError, "agent", agent, EXAMPLES_OF)
    kinds = guide.kinds if agent == "recode" else {}
    parts = ("rules", "actions", "examples", *(f"examples/{kind}" for kind in kinds))
    return Prompts(
        BUNDLED,
        rules_for(agent, edition),
        guide.actions,
        getattr(guide, EXAMPLES_OF[agent]),
        kinds,
        dict.fromkeys(parts, BUNDLED),
    )


@once
def rules_for(agent: str, edition: int = EDITION) -> str:
    """The bundled rules for an agent, in an edition of the language."""
    text = files("recode_core.policies").joinpath("prompts", f"{agent}.md").read_text("utf-8").strip()
    return "\n".join(line for marked in text.split("\n") for line in _holding(marked, edition))


def _holding(marked: str, edition: int) -> Iterator[str]:
    """Yield a line without its mark, if it holds in the edition."""
    mark = _EDITIONS.match(marked)
    if mark is None:
        yield marked
    elif int(mark[1] or 1) <= edition and (not mark[2] or edition <= int(mark[2])):
        yield marked[mark.end() :]
