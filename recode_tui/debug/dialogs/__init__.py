"""Dialogs of the debugger. A dialog takes values, returns a value and is independent of the engine.

A dialog's module is imported when the dialog is first opened: the text editors would delay the start.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recode_tui.debug.dialogs.branches import BranchesScreen as BranchesScreen
    from recode_tui.debug.dialogs.breakpoints import BreakpointsScreen as BreakpointsScreen
    from recode_tui.debug.dialogs.candidates import CandidatesScreen as CandidatesScreen
    from recode_tui.debug.dialogs.compare import CompareScreen as CompareScreen
    from recode_tui.debug.dialogs.confirm import ConfirmScreen as ConfirmScreen
    from recode_tui.debug.dialogs.diverged import DivergedScreen as DivergedScreen
    from recode_tui.debug.dialogs.editor import EditorScreen as EditorScreen
    from recode_tui.debug.dialogs.limit import LimitScreen as LimitScreen
    from recode_tui.debug.dialogs.messages import MessagesScreen as MessagesScreen
    from recode_tui.debug.dialogs.observation import ObservationScreen as ObservationScreen
    from recode_tui.debug.dialogs.output import OutputScreen as OutputScreen
    from recode_tui.debug.dialogs.price import PriceScreen as PriceScreen
    from recode_tui.debug.dialogs.regenerate import RegenerateScreen as RegenerateScreen
    from recode_tui.debug.dialogs.text_viewer import TextViewerScreen as TextViewerScreen
    from recode_tui.debug.dialogs.variable_history import VariableHistoryScreen as VariableHistoryScreen

_WHERE = {
    "BranchesScreen": "branches",
    "BreakpointsScreen": "breakpoints",
    "CandidatesScreen": "candidates",
    "CompareScreen": "compare",
    "ConfirmScreen": "confirm",
    "DivergedScreen": "diverged",
    "EditorScreen": "editor",
    "LimitScreen": "limit",
    "MessagesScreen": "messages",
    "ObservationScreen": "observation",
    "OutputScreen": "output",
    "PriceScreen": "price",
    "RegenerateScreen": "regenerate",
    "TextViewerScreen": "text_viewer",
    "VariableHistoryScreen": "variable_history",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
