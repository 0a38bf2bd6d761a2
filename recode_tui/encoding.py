"""Output in encodings that lack some characters, such as ASCII and code pages of Windows.

Our own signs become ASCII characters of the same width, so that *done* and *failed* still differ and tables
stay aligned. Other characters become `?`.
"""

from __future__ import annotations

import codecs
import unicodedata

STAND_INS = "recode-stand-ins"
"""The name of the error handler for `str.encode` and text streams."""

_SIGNS = {
    **dict(zip("·◐✔✖↷■□◇▶✎±●○◉⚑∅↺‖◀◁", '.*+x/#%o>"&@O$!_~=<{', strict=True)),
    **dict(zip("◆┿▲‹›»⊙", ";i^():@", strict=True)),
    **dict(zip("…–—←↑→↓▸▾▴≠≤≥³⁻⋯␡", "~--<^>v>v^!<>3-~?", strict=True)),
    **dict(zip("⏎⇥⌫␣▼×", "<>x_vX", strict=True)),
    **dict.fromkeys("─━╌╍┄┅┈┉═╴╶╸╺▁▔▂▃", "-"),
    **dict.fromkeys("│┃┆┇┊┋║▎▏▕▌▐▊▋▍", "|"),
    **dict.fromkeys("├┤╞╡╠╣┠┨┼", "|"),
    **dict.fromkeys("┬┴", "-"),
    **dict.fromkeys("┌┐╭╮╔╗", "."),
    **dict.fromkeys("└╰╚", "`"),
    **dict.fromkeys("┘╯╝", "'"),
    **dict.fromkeys("█▇▆▅▄▀▉", "#"),
}


def _replace(error: UnicodeError) -> tuple[str, int]:
    """The stand-ins of the characters that cannot be encoded; a codec's error handler."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_stand_in, error.object[error.start : error.end])), error.end


def _stand_in(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    return "??" if unicodedata.east_asian_width(character) in "WF" else "?"


codecs.register_error(STAND_INS, _replace)
