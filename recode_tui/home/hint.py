"""A key and what it does, to click on."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Hint(Static):
    """Clicked, it runs the action of the key."""

    DEFAULT_CSS = """
    Hint {
        width: auto;
        height: 1;
        padding: 0 1;
        pointer: pointer;
        &:hover { background: $block-hover-background; }
    }
    """
    ALLOW_SELECT = False

    def __init__(self, key: str, label: str, action: str) -> None:
        super().__init__()
        self._action = action
        self.update(Content.assemble((key, "bold $footer-key-foreground"), (f" {label}", "$foreground")))

    async def on_click(self) -> None:
        await self.run_action(self._action)
