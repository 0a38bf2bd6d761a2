"""Syntax highlighting of Python code by CSS classes, with a light and a dark colour scheme."""

from __future__ import annotations

from recode_core.export.page.markup import escaped, visible

_LONGEST = 20_000  # characters; longer code is not highlighted, which would take too long


class Highlighter:
    """Highlights code, and caches the result by text."""

    def __init__(self) -> None:
        from pygments.formatters import HtmlFormatter  # slow to import
        from pygments.lexers import PythonLexer

        self._lexer = PythonLexer(stripnl=False, ensurenl=False)
        self._formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
        dark = f"@media (prefers-color-scheme: dark) {{{_colours('github-dark')}}}"
        self.style = _colours("friendly") + dark
        self._done: dict[str, str] = {}

    def markup(self, code: str) -> str:
        """The highlighted code as markup."""
        if code not in self._done:
            self._done[code] = self._coloured(code)
        return self._done[code]

    def _coloured(self, code: str) -> str:
        from pygments import highlight

        if len(code) > _LONGEST:
            return f"<pre>{escaped(code)}</pre>"
        return f"<pre>{highlight(visible(code), self._lexer, self._formatter)}</pre>"


def _colours(scheme: str) -> str:
    """The CSS rules of a scheme for tokens, without its background and text colour."""
    from pygments.formatters import HtmlFormatter

    rules: str = HtmlFormatter(style=scheme).get_style_defs("pre")  # type: ignore[no-untyped-call]
    return "\n".join(line for line in rules.splitlines() if line.startswith("pre ."))
