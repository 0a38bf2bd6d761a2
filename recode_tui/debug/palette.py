"""The commands and keys of the debugger, in Textual's command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from recode_tui.debug import commands
from recode_tui.debug.keys import GROUPS


class _Choice(NamedTuple):
    title: str
    action: str
    help: str


class Palette(Provider):
    """Provides the actions of all keys, and all commands, each of which begins a command line."""

    async def discover(self) -> Hits:
        for choice in _choices():
            yield DiscoveryHit(choice.title, self._act(choice), help=choice.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for choice in _choices():
            if (score := matcher.match(choice.title)) > 0:
                yield Hit(score, matcher.highlight(choice.title), self._act(choice), help=choice.help)

    def _act(self, choice: _Choice) -> partial[Any]:
        return partial(self.screen.run_action, choice.action)


def _choices() -> Iterator[_Choice]:
    for group, keys in GROUPS.items():
        for key in keys:
            name = key.keys.partition(",")[0].replace("_", " ")
            yield _Choice(f"{key.help[0].upper()}{key.help[1:]}", key.action, f"{group} · key {name}")
    for name, command in commands.COMMANDS.items():
        yield _Choice(f":{command.usage}", f"begin({name + ' '!r})", command.help)
