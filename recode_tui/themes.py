"""Two themes of our own, a dark and a light one: one accent for *now*, one for failure, the rest quiet."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="recode-dark",
    primary="#7aa2c9",
    secondary="#9d8fc4",
    accent="#f0b45a",
    warning="#d9a15b",
    error="#f0717a",
    success="#86b58a",
    foreground="#d3d7de",
    background="#14171c",
    surface="#191d23",
    panel="#242931",
    dark=True,
    variables={
        "border": "#7aa2c9",
        "border-blurred": "#39404b",
        "quiet": "#7d8694",
        "faint": "#565e6b",
        "block-cursor-background": "#2d3846",
        "block-cursor-foreground": "#eef1f5",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#232a33",
        "block-cursor-blurred-foreground": "#d3d7de",
        "footer-key-foreground": "#f0b45a",
        "footer-background": "#191d23",
        "input-selection-background": "#7aa2c9 35%",
        "scrollbar": "#39404b",
        "scrollbar-hover": "#4a5361",
        "scrollbar-active": "#7aa2c9",
        "scrollbar-background": "#191d23",
        "scrollbar-background-hover": "#191d23",
        "scrollbar-background-active": "#191d23",
        "scrollbar-corner-color": "#191d23",
    },
)

LIGHT = Theme(
    name="recode-light",
    primary="#2f6690",
    secondary="#6a559c",
    accent="#a85b00",
    warning="#946200",
    error="#b3261e",
    success="#2f7040",
    foreground="#23272e",
    background="#f4f3ef",
    surface="#fbfaf7",
    panel="#e8e6df",
    dark=False,
    variables={
        "border": "#2f6690",
        "border-blurred": "#c9c6bc",
        "quiet": "#6a6f78",
        "faint": "#a09d94",
        "block-cursor-background": "#dbe5ee",
        "block-cursor-foreground": "#14171c",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e9ebea",
        "block-cursor-blurred-foreground": "#23272e",
        "footer-key-foreground": "#a85b00",
        "footer-background": "#fbfaf7",
        "input-selection-background": "#2f6690 25%",
        "scrollbar": "#c9c6bc",
        "scrollbar-hover": "#b3afa3",
        "scrollbar-active": "#2f6690",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
    },
)

THEMES = (DARK, LIGHT)
