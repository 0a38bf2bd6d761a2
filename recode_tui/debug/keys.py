"""The keys of the debugger's screen: one table for bindings, footer and help.

Most keys run or begin a command line; the rest open dialogs or move on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """Keys, their action and help text. The footer shows those with a `label`, and always those that stay."""

    keys: str
    action: str
    help: str
    label: str = ""
    stays: bool = False


MOVES = (
    Key("s,f11", "run('step')", "to the next stop point", "step"),
    Key("n,f10", "run('next')", "to the next statement, a placeholder is run whole", "next"),
    Key("f", "run('finish')", "to the statement after the enclosing placeholder", "finish"),
    Key("c,f5", "run('continue')", "to a breakpoint, a failure, a limit or the end", "continue"),
    Key("t", "until", "to the node or line under the cursor"),
    Key("S", "run('back')", "back to the stop before", "back"),
    Key("N", "run('back next')", "back to the statement before"),
    Key("C", "run('back continue')", "back to a breakpoint, a failure or the beginning"),
    Key("p", "pause", "pause; again: abort the running command"),
)
CHANGES = (
    Key("e,f2", "edit", "edit the code, or in their tabs the prompt or the reply", "edit"),
    Key("ctrl+e", "edit_outside", "edit the code in $EDITOR"),
    Key("g", "regenerate", "ask again, with a hint or for several candidates", "regenerate"),
    Key("x", "run('skip')", "skip the statement"),
    Key("r", "retry", "run the node again from its start"),
    Key("v", "set", "set a variable"),
    Key("a", "act", "take another action; tab offers those that are possible, enter takes the marked one"),
    Key("G", "continue_in_copy", "go on from here with a copy of a recording"),
    Key("z", "run('undo')", "undo the last command", "undo"),
    Key("Z", "run('redo')", "redo"),
)
MARKS = (
    Key("b,f9", "break_here", "a breakpoint at the node, line, action or variable, or none", "break"),
    Key("B", "breakpoints", "the breakpoints"),
    Key("w", "watch", "watch the variable or no longer; elsewhere an expression"),
    Key("m", "note", "leave a note at the node"),
)
LOOKING = (
    Key("T", "branches", "the branches: switch, compare"),
    Key("F", "follow", "follow the running node"),
    Key("exclamation_mark", "failure", "to the next failure"),
    Key("M", "read", "read the message in the last line, or the node's failure, whole"),
    Key("slash", "search", "search in all panels, from match to match in the one with the focus"),
    Key("full_stop", "found(1)", "the next match in the panel"),
    Key("comma", "found(-1)", "the match before"),
    Key("ampersand", "only_found", "only the nodes that were found, or all again"),
    Key("y", "copy", "copy the statement, code, prompt, reply, observation or value"),
)
SHOWN = {
    "plan": "the tree of decisions, a row for each node",
    "code": "the code around the node; its prompt, reply and output in tabs",
    "environment": "every action with its observation",
    "variables": "the variables, the last change first, and the watches",
    "timeline": "a line for each branch with its actions, calls and failures",
    "console": "commands with their answers; references are followed with enter",
}
"""The content of each panel, in the order of their keys."""
PANELS = (
    *(
        Key(str(number), f"panel('{name}')", f"the panel {name}: {shown}")
        for number, (name, shown) in enumerate(SHOWN.items(), start=1)
    ),
    Key("tab", "next_panel(1)", "the next panel"),
    Key("shift+tab", "next_panel(-1)", "the panel before"),
    Key("plus", "zoom", "the panel alone, or all again"),
    Key("left_square_bracket", "tab(-1)", "the tab before"),
    Key("right_square_bracket", "tab(1)", "the next tab"),
)
SCREEN = (
    Key("colon", "begin('')", "the command line", "command", stays=True),
    Key("question_mark", "help", "help", "help", stays=True),
    Key("q,ctrl+q", "leave", "leave"),
    Key("ctrl+c", "interrupt", "copy selected text; pause; twice: leave"),
    Key("escape", "back_out", "hide the console; back out of a search, a filter or a zoom"),
)
GROUPS: dict[str, tuple[Key, ...]] = {
    "Moves": MOVES,
    "Changes": CHANGES,
    "Marks": MARKS,
    "Looking": LOOKING,
    "Panels": PANELS,
    "Screen": SCREEN,
}


_ALWAYS = tuple(key for key in SCREEN if key.stays)
RUNNING = (
    Key("p", "pause", "", "pause; again: abort"),
    Key("slash", "search", "", "search"),
    *_ALWAYS,
    Key("q", "leave", "", "leave"),
)
"""Keys in the footer while a command is running."""
OPENING = (Key("q", "leave", "", "leave"), *_ALWAYS)
"""Keys in the footer while the session is being opened."""
RECORDING = (
    *MOVES,
    Key("z", "run('undo')", "", "undo"),
    Key("G", "continue_in_copy", "", "go on in a copy", stays=True),
    *MARKS,
    *LOOKING,
    *SCREEN,
)
"""Keys in the footer of a recording."""

_TYPED = ("begin(", "search", "note", "set", "watch")


def bindings() -> list[BindingType]:
    """Return the table as Textual bindings."""
    made = [
        Binding(
            key.keys,
            key.action,
            key.help,
            show=False,
            # Handled before the next key: text typed ahead belongs to the line that this key opens.
            priority=key.action.startswith(_TYPED),
            group=Binding.Group(group),
        )
        for group, keys in GROUPS.items()
        for key in keys
    ]
    sizes = (
        ("less_than_sign", "size('left', -5)"),
        ("greater_than_sign", "size('left', 5)"),
        ("ctrl+up", "size('upper', -5)"),
        ("ctrl+down", "size('upper', 5)"),
    )
    return [*made, *(Binding(key, action, "the size of the panels", show=False) for key, action in sizes)]
