"""Runs the keys of a field in the order in which they are typed.

Textual inserts a character when the field gets its key. The key of a binding, such as backspace, first goes
up to the app through the queues of all that the field is in. Where keys arrive faster than that (a paste into
tmux, a slow connection, a macro), characters that were typed after a backspace are inserted before it.
"""

from __future__ import annotations

from textual.events import Key
from textual.widget import Widget


async def run_own_binding(widget: Widget, event: Key) -> bool:
    """Run the action of a widget's own binding for a key at once. Returns whether there was one."""
    if event.is_printable:
        return False
    for binding in widget._bindings.key_to_bindings.get(event.key, ()):
        if not binding.priority and await widget.app.run_action(binding.action, widget):
            event.stop()
            event.prevent_default()
            return True
    return False
