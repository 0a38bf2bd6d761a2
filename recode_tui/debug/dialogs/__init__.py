"""Dialogs of the debugger: values in, a value out. None of them knows the engine.

Each is imported when it is first opened: editors are slow to import, and a session is to be seen at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recode_tui.debug.dialogs.branches import BranchesScreen as BranchesScreen
    from recode_tui.debug.dialogs.branches import Compare as Compare
    from recode_tui.debug.dialogs.branches import Switch as Switch
    from recode_tui.debug.dialogs.breakpoints import BreakpointsScreen as BreakpointsScreen
    from recode_tui.debug.dialogs.candidates import CandidatesScreen as CandidatesScreen
    from recode_tui.debug.dialogs.compare import CompareScreen as CompareScreen
    from recode_tui.debug.dialogs.confirm import ConfirmScreen as ConfirmScreen
    from recode_tui.debug.dialogs.diverged import DivergedScreen as DivergedScreen
    from recode_tui.debug.dialogs.editor import EditorScreen as EditorScreen
    from recode_tui.debug.dialogs.help import HelpScreen as HelpScreen
    from recode_tui.debug.dialogs.limit import LimitScreen as LimitScreen
    from recode_tui.debug.dialogs.messages import MessagesScreen as MessagesScreen
    from recode_tui.debug.dialogs.observation import ObservationScreen as ObservationScreen
    from recode_tui.debug.dialogs.output import SaidScreen as SaidScreen
    from recode_tui.debug.dialogs.regenerate import RegenerateScreen as RegenerateScreen
    from recode_tui.debug.dialogs.variable_history import ChangesScreen as ChangesScreen

_WHERE = {
    "BranchesScreen": "branches",
    "Compare": "branches",
    "Switch": "branches",
    "BreakpointsScreen": "breakpoints",
    "CandidatesScreen": "candidates",
    "ChangesScreen": "variable_history",
    "CompareScreen": "compare",
    "ConfirmScreen": "confirm",
    "DivergedScreen": "diverged",
    "EditorScreen": "editor",
    "HelpScreen": "help",
    "LimitScreen": "limit",
    "MessagesScreen": "messages",
    "ObservationScreen": "observation",
    "RegenerateScreen": "regenerate",
    "SaidScreen": "output",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
