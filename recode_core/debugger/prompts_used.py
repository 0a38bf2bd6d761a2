"""The prompts that were used on a line of records, and the difference between those of two lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

import msgspec

from recode_core.events import ExpansionRequested, PromptsChanged
from recode_core.log import Log, Record
from recode_core.policies.prompts import BUNDLED
from recode_core.policies.prompts.prompts import digest_of
from recode_core.session import Settings

_MOST = 60  # lines of a difference


class UsedPrompt(msgspec.Struct, frozen=True):
    """A system message that was used from the placeholder `node` on, or `only` for it.

    `name` is the name of its prompt set, empty if it is not recorded.
    """

    node: str
    name: str
    system: str
    only: bool = False

    @property
    def digest(self) -> str:
        """A digest that identifies the text."""
        return digest_of(self.system)


def used_prompts(
    log: Log, records: Sequence[Record], settings: Settings | None = None
) -> tuple[UsedPrompt, ...]:
    """The system messages of a line, in order; one that is used again later is listed again.

    `settings` are those of the session; they name the prompt set at the start of the run.
    """
    found: list[UsedPrompt] = []
    changed: dict[str, PromptsChanged] = {}
    names: dict[str, str] = {}
    last = ""
    for record in records:
        match record.event:
            case PromptsChanged(system=system, name=name) as event:
                changed[system.text], names[system.text] = event, name
            case ExpansionRequested(messages=(first, *_), place=place) if first.role == "system":
                if first.text != last:
                    last = first.text
                    name = names.setdefault(last, "" if found else _began_with(settings))
                    only = last in changed and changed[last].only
                    found.append(UsedPrompt(place.node, name, log.text(last), only))
    return tuple(found)


def _began_with(settings: Settings | None) -> str:
    if settings is None:
        return ""
    return BUNDLED if settings.prompts is None else settings.prompts.name


def diff_lines(left: Sequence[UsedPrompt], right: Sequence[UsedPrompt]) -> Iterator[str]:
    """The difference between the prompts of two lines, as lines of text; empty if they are the same."""
    if not left or not right:
        return
    known = [{each.system for each in side} for side in (left, right)]
    one = next((each for each in reversed(left) if each.system not in known[1]), left[-1])
    other = next((each for each in reversed(right) if each.system not in known[0]), right[-1])
    if one.system == other.system:
        return
    yield f"the prompts differ: {prompt_label(one)} → {prompt_label(other)}"
    texts = one.system.split("\n"), other.system.split("\n")
    changes = [line for line in list(unified_diff(*texts, lineterm="", n=0))[2:] if line[0] != "@"]
    yield from (f"  {line[0]} {line[1:]}" for line in changes[:_MOST])
    if len(changes) > _MOST:
        yield f"  … and {len(changes) - _MOST} more lines; `prompt NODE` shows the whole prompt"


def prompt_label(each: UsedPrompt) -> str:
    """A prompt set by name and digest."""
    return f"{each.name} ({each.digest})" if each.name else each.digest
