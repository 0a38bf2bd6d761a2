"""The commands and keys of the debugger, in Textual's command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

from recode_tui.debug import commands
from recode_tui.debug.keys import GROUPS, display


class _Choice(NamedTuple):
    title: str
    action: str
    help: str


class Palette(Provider):
    """Provides the actions of all keys, and all commands, each of which begins a command line.

    Brackets in a command's usage are not markup.
    """

    async def discover(self) -> Hits:
        for choice in _choices():
            yield DiscoveryHit(Content(choice.title), self._act(choice), choice.title, escape(choice.help))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for choice in _choices():
            score, found = matcher.fuzzy_search.match(query, choice.title)
            if score > 0:
                title = Content(choice.title)  # `matcher.highlight` would read it as markup
                for at in found:
                    title = title.stylize(matcher.match_style, at, at + 1)
                yield Hit(score, title, self._act(choice), choice.title, escape(choice.help))

    def _act(self, choice: _Choice) -> partial[Any]:
        return partial(self.screen.run_action, choice.action)


def _choices() -> Iterator[_Choice]:
    for group, keys in GROUPS.items():
        for key in keys:
            name = display(key.keys.partition(",")[0])
            yield _Choice(f"{key.help[0].upper()}{key.help[1:]}", key.action, f"{group} · key {name}")
    for name, command in commands.COMMANDS.items():
        yield _Choice(f":{command.usage}", f"begin({name + ' '!r})", command.help)
