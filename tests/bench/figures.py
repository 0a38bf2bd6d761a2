"""A figure that was measured, with the bound that it is to keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured. `is_ok` is None where there is no bound."""

    what: str
    value: str
    bound: str = ""
    is_ok: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the bound is met; empty without one."""
        return {None: "", True: "ok", False: "NOT OK"}[self.is_ok]

    def __str__(self) -> str:
        return f"{self.what:<46} {self.value:<46} {self.bound:<28} {self.verdict}".rstrip()


class CannotMeasure(Exception):
    """Something that a measurement needs is missing on this machine; the message says what."""


def show(figures: Iterable[Figure]) -> None:
    """Print figures as they come, a line each."""
    try:
        for figure in figures:
            print(figure, flush=True)
    except CannotMeasure as missing:
        print(f"not measured: {missing}", flush=True)
