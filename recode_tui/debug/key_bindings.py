"""The table of keys as bindings of Textual."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from recode_tui.debug.keys import BY_NAME, GROUPS

_TYPED = ("begin(", "search", "note", "set", "watch")
_ID = "debugger."


def keymap() -> dict[str, str]:
    """The chosen keys for Textual, by the ids of the bindings."""
    return {_ID + name: key.keys for name, key in BY_NAME.items() if key.keys != key.default}


def bindings() -> list[BindingType]:
    """Return the table as Textual bindings with the default keys; `keymap` has the chosen ones."""
    return [
        Binding(
            key.default,
            key.action,
            key.help,
            show=False,
            # Handled before the next key: text typed ahead belongs to the line that this key opens.
            priority=key.action.startswith(_TYPED),
            id=_ID + key.name,
            group=Binding.Group(group),
        )
        for group, keys in GROUPS.items()
        for key in keys
    ]
