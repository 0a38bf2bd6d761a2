"""The keys of the debugger's screen: one table for bindings, footer and help.

Most keys run or begin a command line; the rest open dialogs or move on the screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

_chosen: dict[str, str] = {}
"""The keys that the user has chosen, by name."""


class Key(msgspec.Struct, frozen=True):
    """Keys, their action and help text. The footer shows those with a `label`, and always those that stay.

    Users choose other keys for a `name`; `default` are the keys unless they do, with commas between them.
    """

    default: str
    action: str
    help: str
    label: str = ""
    stays: bool = False
    name: str = ""

    @property
    def keys(self) -> str:
        """The keys, with commas between them."""
        return _chosen.get(self.name, self.default)


MOVES = (
    Key("s,f11", "run('step')", "to the next stop point", "step", name="step"),
    Key("n,f10", "run('next')", "to the next statement, a placeholder is run whole", "next", name="next"),
    Key("f", "run('finish')", "to the statement after the enclosing placeholder", "finish", name="finish"),
    Key(
        "c,f5",
        "run('continue')",
        "to a breakpoint, a failure, a limit or the end",
        "continue",
        name="continue",
    ),
    Key("t", "until", "to the node or line under the cursor", name="until"),
    Key("S", "run('back')", "back to the stop before", "back", name="back"),
    Key("N", "run('back next')", "back to the statement before", name="back_next"),
    Key(
        "C", "run('back continue')", "back to a breakpoint, a failure or the beginning", name="back_continue"
    ),
    Key("p", "pause", "pause; again: abort the running command", name="pause"),
)
CHANGES = (
    Key("e,f2", "edit", "edit the code, or in their tabs the prompt or the reply", "edit", name="edit"),
    Key("ctrl+e", "edit_outside", "edit the code in $EDITOR", name="edit_outside"),
    Key(
        "g", "regenerate", "ask again, with a hint or for several candidates", "regenerate", name="regenerate"
    ),
    Key("x", "run('skip')", "skip the statement", name="skip"),
    Key("r", "retry", "run the node again from its start", name="retry"),
    Key("v", "set", "set a variable", name="set"),
    Key(
        "a",
        "act",
        "take another action; tab offers those that are possible, enter takes the marked one",
        name="action",
    ),
    Key("G", "continue_in_copy", "go on from here with a copy of a recording", name="continue_in_copy"),
    Key("z", "run('undo')", "undo the last command", "undo", name="undo"),
    Key("Z", "run('redo')", "redo", name="redo"),
)
MARKS = (
    Key(
        "b,f9",
        "break_here",
        "a breakpoint at the node, line, action or variable, or none",
        "break",
        name="break",
    ),
    Key("B", "breakpoints", "the breakpoints", name="breakpoints"),
    Key("w", "watch", "watch the variable or no longer; elsewhere an expression", name="watch"),
    Key("m", "note", "leave a note at the node", name="note"),
)
LOOKING = (
    Key("T", "branches", "the branches: switch, compare", name="branches"),
    Key(
        "F", "follow", "follow the running node; of a run that another process writes, its end", name="follow"
    ),
    Key("exclamation_mark", "failure", "to the next failure", name="failure"),
    Key("M", "read", "read the message in the last line, or the node's failure, whole", name="read"),
    Key(
        "slash",
        "search",
        "search in all panels, from match to match in the one with the focus",
        name="search",
    ),
    Key("full_stop", "found(1)", "the next match in the panel", name="next_match"),
    Key("comma", "found(-1)", "the match before", name="previous_match"),
    Key("ampersand", "only_found", "only the nodes that were found, or all again", name="only_matches"),
    Key("y", "copy", "copy the statement, code, prompt, reply, observation or value", name="copy"),
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


def to_come(panel: str) -> str:
    """The text of an empty panel."""
    return f"Here will be {SHOWN[panel]}."


PANELS = (
    *(
        Key(str(number), f"panel('{name}')", f"the panel {name}: {shown}", name=name)
        for number, (name, shown) in enumerate(SHOWN.items(), start=1)
    ),
    Key("tab", "next_panel(1)", "the next panel", name="next_panel"),
    Key("shift+tab", "next_panel(-1)", "the panel before", name="previous_panel"),
    Key("plus", "zoom", "the panel alone, or all again", name="zoom"),
    Key("left_square_bracket", "tab(-1)", "the tab before", name="previous_tab"),
    Key("right_square_bracket", "tab(1)", "the next tab", name="next_tab"),
    Key("less_than_sign", "size('left', -5)", "the plan narrower", name="plan_narrower"),
    Key("greater_than_sign", "size('left', 5)", "the plan wider", name="plan_wider"),
    Key("ctrl+up", "size('upper', -5)", "the code lower", name="code_lower"),
    Key("ctrl+down", "size('upper', 5)", "the code higher", name="code_higher"),
    Key("equals_sign", "reset_sizes", "the sizes of the panels as they were at first", name="reset_sizes"),
)
SCREEN = (
    Key("colon", "begin('')", "the command line", "command", stays=True, name="command"),
    Key("question_mark", "help", "help", "help", stays=True, name="help"),
    Key("ctrl+t", "tour", "the tour of the demo: start it, leave it, take it up again", name="tour"),
    Key("q,ctrl+q", "leave", "leave", name="leave"),
    Key("ctrl+c", "interrupt", "copy selected text; pause; twice: leave", name="interrupt"),
    Key("escape", "back_out", "hide the console; back out of a search, a filter or a zoom", name="back_out"),
)
GROUPS: dict[str, tuple[Key, ...]] = {
    "Moves": MOVES,
    "Changes": CHANGES,
    "Marks": MARKS,
    "Looking": LOOKING,
    "Panels": PANELS,
    "Screen": SCREEN,
}


BY_NAME: dict[str, Key] = {key.name: key for keys in GROUPS.values() for key in keys}
"""All keys by name."""


def _in_footer(name: str, label: str, *, stays: bool = False) -> Key:
    """A key with another label in a footer."""
    return replace(BY_NAME[name], help="", label=label, stays=stays)


_ALWAYS = tuple(key for key in SCREEN if key.stays)
RUNNING = (
    _in_footer("pause", "pause; again: abort"),
    _in_footer("search", "search"),
    *_ALWAYS,
    _in_footer("leave", "leave"),
)
"""Keys in the footer while a command is running."""
OPENING = (_in_footer("leave", "leave"), *_ALWAYS)
"""Keys in the footer while the session is being opened."""
RECORDING = (
    *MOVES,
    _in_footer("undo", "undo"),
    _in_footer("continue_in_copy", "go on in a copy", stays=True),
    *MARKS,
    *LOOKING,
    *SCREEN,
)
"""Keys in the footer of a recording."""
FOLLOWING = (_in_footer("follow", "to the end", stays=True), *RECORDING)
"""Keys in the footer of a run that another process writes."""
READ_ONLY = tuple(key for key in RECORDING if key.action != "continue_in_copy")
"""Keys in the footer of a recording from which nothing can go on."""

FOCUSED: dict[str, tuple[Key, ...]] = {
    "plan": (
        Key("enter", "in_panel('choose')", "", "go there"),
        Key("space", "in_panel('toggle_fold')", "", "fold"),
        _in_footer("until", "run to here"),
    ),
    "code": (
        _in_footer("next_tab", "next tab"),
        _in_footer("until", "run to here"),
    ),
    "environment": (
        Key("enter", "in_panel('choose')", "", "read"),
        _in_footer("action", "another action"),
    ),
    "variables": (
        Key("enter", "in_panel('choose')", "", "value"),
        Key("o", "in_panel('origin')", "", "origin"),
        _in_footer("watch", "watch"),
        _in_footer("set", "set"),
    ),
    "timeline": (
        Key("left,right", "in_panel('scrub(1)')", "", "preview"),
        Key("enter", "in_panel('choose')", "", "go there"),
        Key("i", "in_panel('zoom(1)')", "", "zoom in"),
    ),
    "console": (
        Key("enter", "in_panel('choose')", "", "follow"),
        Key("left,right", "in_panel('choose_reference(1)')", "", "choose"),
        _in_footer("back_out", "hide"),
    ),
}
"""Keys of each panel, which come first in the footer while it has the focus."""
CHANGING = ("act", "set")
"""Actions of those that a recording refuses."""

_LONG_NAMES = {
    "slash": "solidus",
    "backslash": "reverse_solidus",
    "at": "commercial_at",
    "minus": "hyphen-minus",
    "plus": "plus_sign",
    "underscore": "low_line",
    "less_than_sign": "less-than_sign",
    "greater_than_sign": "greater-than_sign",
}
"""Names of keys in Unicode, where a terminal's are shorter."""
_SHORT_NAMES = {long.replace("-", "_"): short for short, long in _LONG_NAMES.items()}

PANEL_KEYS = frozenset(
    (
        *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "space"),
        *("h", "j", "k", "l", "i", "o", "0", "f1", "ctrl+z", "ctrl+p"),
    )
)
"""Keys of lists, of single panels and of the app, which come before those of the screen."""


def use(chosen: Mapping[str, str]) -> None:
    """Use the keys that the user has chosen, by name, from now on. The others are the default ones."""
    _chosen.clear()
    _chosen.update(chosen)


def sign_of(name: str) -> str:
    """The character of a key with this name, such as ! for exclamation_mark; the name if it has none."""
    try:
        sign = unicodedata.lookup(_LONG_NAMES.get(name, name).replace("_", " "))
    except KeyError:
        return name
    return sign if sign.isprintable() and sign != " " else name  # not those of tab and space


def name_of(sign: str) -> str:
    """The name of a key: the inverse of `sign_of`."""
    if len(sign) != 1 or sign.isalnum():
        return sign
    name = unicodedata.name(sign, sign).lower().replace("-", "_").replace(" ", "_")
    return _SHORT_NAMES.get(name, name)


def display(key: str) -> str:
    """A key as it is shown, such as ! for exclamation_mark."""
    return "esc" if key == "escape" else sign_of(key)


def shown(name: str) -> str:
    """The first key with a name, as it is shown in a message."""
    return display(BY_NAME[name].keys.partition(",")[0])
