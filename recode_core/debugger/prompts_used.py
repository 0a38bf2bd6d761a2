"""Which prompts a line of records was asked with, and how those of two lines differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

import msgspec

from recode_core.events import ExpansionRequested, PromptsChanged
from recode_core.log import Log, Record
from recode_core.policies.prompts import OURS
from recode_core.policies.prompts.prompts import digest_of
from recode_core.session import Settings

_MOST = 60  # lines of a difference


class Used(msgspec.Struct, frozen=True):
    """A system message, first asked with for `node`, and for that node alone where it is for it `only`.

    `name` is that of its set, empty where that is not recorded.
    """

    node: str
    name: str
    system: str
    only: bool = False

    @property
    def digest(self) -> str:
        """Identifies the text."""
        return digest_of(self.system)


def used(log: Log, records: Sequence[Record], settings: Settings | None = None) -> tuple[Used, ...]:
    """The system messages of a line, each once, in the order of their first use.

    `settings` are the session's, which name the set that the run began with.
    """
    found: dict[str, Used] = {}
    changed: dict[str, PromptsChanged] = {}
    for record in records:
        match record.event:
            case PromptsChanged(system=system) as event:
                changed[system.text] = event
            case ExpansionRequested(messages=(first, *_), place=place) if first.role == "system":
                if first.text not in found:
                    by = changed.get(first.text)
                    name = by.name if by is not None else "" if found else _began_with(settings)
                    text = log.text(first.text)
                    found[first.text] = Used(place.node, name, text, by is not None and by.only)
    return tuple(found.values())


def _began_with(settings: Settings | None) -> str:
    if settings is None:
        return ""
    return OURS if settings.prompts is None else settings.prompts.name


def difference(left: Sequence[Used], right: Sequence[Used]) -> Iterator[str]:
    """What differs between the prompts of two lines, in lines of text; nothing where they are the same."""
    sides = [{each.system: each for each in side} for side in (left, right)]
    if not left or not right or sides[0].keys() == sides[1].keys():
        return
    one = next((each for each in reversed(left) if each.system not in sides[1]), left[-1])
    other = next((each for each in reversed(right) if each.system not in sides[0]), right[-1])
    yield f"the prompts differ: {named(one)} → {named(other)}"
    texts = one.system.split("\n"), other.system.split("\n")
    changes = [
        line for line in unified_diff(*texts, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))
    ]
    yield from (f"  {line[0]} {line[1:]}" for line in changes[:_MOST])
    if len(changes) > _MOST:
        yield f"  … and {len(changes) - _MOST} more lines; prompt NODE shows the whole"


def named(each: Used) -> str:
    """A set by its name and digest."""
    return f"{each.name} ({each.digest})" if each.name else each.digest
