"""The journal of a batch: a JSON object for each event of the batch as a whole, one per line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from recode_core.errors import SessionError
from recode_core.values import clean

NAME = "batch.log"
"""The journal's file in the folder of a batch."""


class Journal:
    """Appends to the journal of a folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder.absolute() / NAME  # an environment may change the working directory

    def note(self, what: str, **more: object) -> None:
        """Append an event with the current time."""
        texts = {name: clean(value) for name, value in more.items() if isinstance(value, str)}
        row = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "what": what, **more, **texts}
        try:
            with self._path.open("ab") as file:
                file.write(msgspec.json.encode(row) + b"\n")
        except OSError as error:
            raise SessionError(f"{self._path} cannot be written: {error.strerror}") from None
