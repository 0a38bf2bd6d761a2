"""Modules that the sandbox lacks and that are provided as libraries, with their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from recode_core.statements.names import PRIVATE

_OPERATORS = """
add sub mul truediv floordiv mod pow and_ or_ xor lshift rshift concat eq ne lt le gt ge is_ is_not
neg pos invert inv not_ truth abs contains countOf indexOf getitem setitem delitem
itemgetter attrgetter methodcaller
"""
_STRING = """
ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation whitespace
capwords
"""
_STATISTICS = """
mean fmean median median_low median_high mode multimode pvariance variance pstdev stdev StatisticsError
"""
LIBRARIES: dict[str, tuple[str, ...]] = {
    "heapq": ("heapify", "heappush", "heappop", "heappushpop", "heapreplace", "nlargest", "nsmallest"),
    "operator": tuple(_OPERATORS.split()),
    "statistics": tuple(_STATISTICS.split()),
    "string": tuple(_STRING.split()),
    "textwrap": ("dedent", "indent"),
}
"""The names in each module; their source is in `recode_core.interpreter.libraries`."""

REGEX = frozenset(["search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn", "compile"])
"""Functions of `re` that a library replaces."""


def import_text(node: ast.Import | ast.ImportFrom) -> str:
    """The replacement of an import; empty if it needs none."""
    if isinstance(node, ast.Import):
        parts = list(_imports(node))
        return "; ".join(parts) if any("=" in part for part in parts) else ""
    if node.module not in LIBRARIES and not _has_ours(node):
        return ""
    return "; ".join(_from_import(node.module, alias) for alias in node.names if node.module)


def _has_ours(node: ast.ImportFrom) -> bool:
    return node.module == "re" and any(alias.name in REGEX for alias in node.names)


def _imports(node: ast.Import) -> Iterator[str]:
    for alias in node.names:
        if alias.name in LIBRARIES:
            yield f"{alias.asname or alias.name} = {PRIVATE}lib_{alias.name}_this"
        else:
            yield f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")


def _from_import(module: str, alias: ast.alias) -> str:
    name = alias.asname or alias.name
    if module in LIBRARIES:
        return f"{name} = {PRIVATE}lib_{module}_this.{alias.name}"
    if module == "re" and alias.name in REGEX:
        return f"{name} = {PRIVATE}lib_regex_{alias.name}"
    return f"from {module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
