"""The table of all figures, with the machine that they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.figures import Figure

CPUINFO = Path("/proc/cpuinfo")


def results(parts: Mapping[str, Sequence[Figure]]) -> str:
    """The page: the machine, the date, and a row for each figure of each part."""
    lines = ["# Results", "", "Written by `python -m tests.bench --write`.", "", _machine(), ""]
    lines += [_row("part", "measured", "figure", "bound", "verdict"), _row(*["---"] * 5)]
    for name, figures in parts.items():
        for figure in figures:
            lines.append(_row(name, figure.what, figure.value, figure.bound, figure.verdict))
    return "\n".join([*lines, ""])


def _row(*cells: str) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _machine() -> str:
    """The date, the processor and the versions, in a line."""
    versions = f"Python {platform.python_version()}, Textual {version('textual')}"
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{now}, {os.cpu_count()} cores of {_processor()}, {platform.system()}, {versions}."


def _processor() -> str:
    """The model of the processor, or its architecture where the system does not tell."""
    if CPUINFO.exists():
        for line in CPUINFO.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
