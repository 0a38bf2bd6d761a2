"""Measure what the project promises about speed, and compare it with its bounds.

    python -m tests.bench [--quick] [--write] [PART …]

Each part is measured in a process of its own. The exit code is 1 if a bound is not met, or if a part fails; a
part that cannot be measured on this machine says why.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench.alone import Measure, MeasurementFailed, alone
from tests.bench.figures import CannotMeasure, Figure
from tests.bench.parts import PARTS, Part
from tests.bench.results import results

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(arguments: Sequence[str], parts: Sequence[Part] = PARTS, path: Path = RESULTS) -> int:
    """Measure and print; the exit code."""
    parser = _parser(parts)
    options = parser.parse_args(arguments)
    for name in options.part:
        if name not in [part.name for part in parts]:
            parser.error(f"unknown part '{name}' (available: {', '.join(part.name for part in parts)})")
    found: dict[str, list[Figure]] = {}
    for part in parts:
        if part.name in options.part or not options.part:
            print(f"{part.name}: {part.about}", flush=True)
            figures = found[part.name] = []
            for figure in _quick(part) if options.quick else _measured(part.name, part.measure):
                print(f"  {figure}", flush=True)
                figures.append(figure)
    verdicts = [figure.is_ok for figures in found.values() for figure in figures]
    missed = verdicts.count(False)
    print(f"{len(verdicts)} figures{f', {missed} NOT OK' if missed else ''}")
    if options.write:
        path.write_text(results(found), "utf-8")
    return 1 if missed else 0


def _parser(parts: Sequence[Part]) -> argparse.ArgumentParser:
    width = max(len(part.name) for part in parts)
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure what the project promises about speed. Exits with 1 if a bound is not met.",
        epilog="parts:\n" + "\n".join(f"  {part.name:{width}}  {part.about}" for part in parts),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*", metavar="PART", help="measure only these parts")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument(
        "--quick", action="store_true", help="try the parts in a short time, without verdicts"
    )
    effort.add_argument("--write", action="store_true", help=f"write the table to {RESULTS.name}")
    return parser


def _measured(name: str, measure: Measure) -> Iterator[Figure]:
    """The figures of a part, and one that says why if it cannot be measured here or fails."""
    try:
        yield from alone(measure)
    except CannotMeasure as missing:
        yield Figure(name, f"not measured: {missing}")
    except MeasurementFailed as failure:
        yield Figure(name, f"failed: {failure}", is_ok=False)


def _quick(part: Part) -> Iterator[Figure]:
    """The figures of a few rounds, which are not compared with their bounds."""
    for figure in _measured(part.name, part.quick):
        yield replace(figure, is_ok=None) if figure.bound else figure


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
