"""A measurement in a process of its own, so that nothing measured before it is in its memory."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from tests.bench.figures import CannotMeasure, Figure

Measure = Callable[..., Iterator[Figure]]


class MeasurementFailed(Exception):
    """A measurement raised, or its process ended; the traceback is on the standard error."""


def alone(measure: Measure, *arguments: object) -> Iterator[Figure]:
    """The figures of a measurement, as they come. Raises CannotMeasure, MeasurementFailed."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, measure, arguments))
    process.start()
    sender.close()
    try:
        while (message := receiver.recv()) is not None:
            if isinstance(message, Exception):
                raise message
            yield message
    except EOFError:
        process.join()
        raise MeasurementFailed(f"its process ended with {process.exitcode}") from None
    finally:
        process.join()


def _send(sender: Connection[Any], measure: Measure, arguments: tuple[object, ...]) -> None:
    try:
        for figure in measure(*arguments):
            sender.send(figure)
        sender.send(None)
    except CannotMeasure as missing:
        sender.send(missing)
    except Exception as error:  # what is measured may raise anything
        traceback.print_exc()
        sender.send(MeasurementFailed(f"{type(error).__name__}: {error}"))
