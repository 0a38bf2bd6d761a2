"""`recode dap` on the standard streams, with a copy of every message in the files that `RECODE_TAP` names.

    RECODE_TAP=PREFIX python tests/dap/tap.py

The requests are in PREFIX.requests, the responses and events in PREFIX.replies.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

COMMAND = [sys.executable, "-c", "from recode_tui.cli import main; main()", "dap"]


def messages(path: Path) -> Iterator[dict[str, Any]]:
    """The messages in a file that was copied."""
    data = path.read_bytes()
    while data:
        header, _, rest = data.partition(b"\r\n\r\n")
        length = int(header.partition(b":")[2])
        yield json.loads(rest[:length])
        data = rest[length:]


def _copy(reader: BinaryIO, writer: BinaryIO, file: Path) -> None:
    with file.open("wb") as copy, writer:
        while data := os.read(reader.fileno(), 1 << 16):
            copy.write(data)
            copy.flush()
            writer.write(data)
            writer.flush()


def main() -> int:
    """Run the adapter until its client leaves."""
    prefix = os.environ["RECODE_TAP"]
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    ends = (sys.stdin.buffer, process.stdin, Path(f"{prefix}.requests"))
    threading.Thread(target=_copy, args=ends, daemon=True).start()
    _copy(process.stdout, sys.stdout.buffer, Path(f"{prefix}.replies"))  # type: ignore[arg-type]
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
