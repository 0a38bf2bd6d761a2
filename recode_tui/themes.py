"""The themes: a dark and a light one, and variables that other themes need.

One accent for *now*, one for failure; everything else is quiet. Every tone has a contrast of at least 4.5 on
every background of text (a test computes it from screenshots), so backgrounds are opaque and dark, or light,
not tints of a bright colour. On a terminal with 256 colours, too: there a colour with a saturation below 0.15
becomes the nearest grey, and in others a component from 48 to 94 becomes 95, from 195 to 234 215. So neutral
backgrounds have a low saturation, which keeps them neutral and apart.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="recode-dark",
    primary="#82aad2",
    secondary="#b0a4d6",
    accent="#f0b45a",
    warning="#d9a15b",
    error="#f58089",
    success="#86b58a",
    foreground="#d9dde3",
    background="#15181c",
    surface="#1a1d22",
    panel="#24282e",
    dark=True,
    variables={
        "border": "#7aa2c9",
        "border-blurred": "#39404b",
        "quiet": "#a3abb8",
        "faint": "#8d96a4",
        "row": "#232d3a",
        "row-blurred": "#22272d",
        "current": "#2a2821",
        "match": "#152a4d",
        "removed": "#3a1e21",
        "removed-mark": "#6b2f35",
        "added": "#1a2e20",
        "added-mark": "#2c4f33",
        "fault": "#4a1d22",
        "text-muted": "#a3abb8",
        "text-disabled": "#8d96a4",
        "block-cursor-background": "#232d3a",
        "block-cursor-foreground": "#eef1f5",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#22272d",
        "block-cursor-blurred-foreground": "#d9dde3",
        "block-hover-background": "#24282e",
        "footer-key-foreground": "#82aad2",
        "footer-background": "#1a1d22",
        "input-selection-background": "#232f6b",
        "input-selection-foreground": "#eef1f5",
        "screen-selection-background": "#232f6b",
        "screen-selection-foreground": "#eef1f5",
        "scrollbar": "#39404b",
        "scrollbar-hover": "#4a5361",
        "scrollbar-active": "#7aa2c9",
        "scrollbar-background": "#1a1d22",
        "scrollbar-background-hover": "#1a1d22",
        "scrollbar-background-active": "#1a1d22",
        "scrollbar-corner-color": "#1a1d22",
    },
)

LIGHT = Theme(
    name="recode-light",
    primary="#2a5f88",
    secondary="#64509a",
    accent="#935000",
    warning="#805500",
    error="#b3261e",
    success="#2a693b",
    foreground="#23272e",
    background="#f4f3ef",
    surface="#fbfaf7",
    panel="#ebeae6",
    dark=False,
    variables={
        "border": "#2f6690",
        "border-blurred": "#c9c6bc",
        "quiet": "#50555e",
        "faint": "#66645c",
        "row": "#dcecf6",
        "row-blurred": "#e9ebea",
        "current": "#f7eed4",
        "match": "#c9ece4",
        "removed": "#f8dedb",
        "removed-mark": "#f0b4ae",
        "added": "#dcefdc",
        "added-mark": "#a9d6ab",
        "fault": "#f8d5d1",
        "text-muted": "#50555e",
        "text-disabled": "#66645c",
        "block-cursor-background": "#dcecf6",
        "block-cursor-foreground": "#14171c",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e9ebea",
        "block-cursor-blurred-foreground": "#23272e",
        "block-hover-background": "#ebeae6",
        "footer-key-foreground": "#2a5f88",
        "footer-background": "#fbfaf7",
        "input-selection-background": "#c9ecfa",
        "input-selection-foreground": "#14171c",
        "screen-selection-background": "#c9ecfa",
        "screen-selection-foreground": "#14171c",
        "scrollbar": "#c9c6bc",
        "scrollbar-hover": "#b3afa3",
        "scrollbar-active": "#2f6690",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
    },
)

_BACKGROUNDS = (
    "row",
    "row-blurred",
    "current",
    "match",
    "removed",
    "removed-mark",
    "added",
    "added-mark",
    "fault",
)
_VARIABLES = ("quiet", "faint", *_BACKGROUNDS)
_ANSI_DEFAULTS = dict.fromkeys(_VARIABLES, "ansi_default")
"""No background is sure to fit the colours that the terminal chooses, so rows are reversed there, in one
colour."""

ANSI_DARK = replace(
    BUILTIN_THEMES["ansi-dark"],
    primary="ansi_bright_cyan",
    secondary="ansi_bright_magenta",
    error="ansi_bright_red",
    accent="ansi_bright_yellow",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        "border": "ansi_bright_cyan",
        "border-blurred": "ansi_bright_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_white",
        "scrollbar-active": "ansi_bright_cyan",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_bright_white",
        "screen-selection-background": "ansi_blue",
        "screen-selection-foreground": "ansi_bright_white",
    },
)
ANSI_LIGHT = replace(
    BUILTIN_THEMES["ansi-light"],
    secondary="ansi_magenta",
    warning="ansi_red",
    success="ansi_blue",
    variables={
        **BUILTIN_THEMES["ansi-light"].variables,
        "border-blurred": "ansi_bright_black",
        "scrollbar": "ansi_bright_black",
        "input-selection-background": "ansi_bright_yellow",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_yellow",
        "screen-selection-foreground": "ansi_black",
    },
)

THEMES = (DARK, LIGHT, ANSI_DARK, ANSI_LIGHT)
"""The registered themes: the two above, and Textual's ANSI themes with colours readable as text."""


def defaults_for(theme: Theme) -> dict[str, str]:
    """The variables that the widgets need beyond those of Textual, for any theme."""
    if theme.ansi:
        return _ANSI_DEFAULTS
    variables = (DARK if theme.dark else LIGHT).variables
    return {name: variables[name] for name in _VARIABLES}
