"""How errors become messages and exit codes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable

from recode_core.errors import RecodeError
from recode_tui.cli.output import print_error, print_json, truncate
from recode_tui.cli.streams import OutputLost
from recode_tui.shutdown import INTERRUPTED


def exit_code_of(command: Callable[[], int]) -> int:
    """Run a command and return its exit code. Every RecodeError is one message."""
    try:
        code = command()
        sys.stdout.flush()
    except RecodeError as error:
        return _failed(error)
    except OSError as error:
        return _failed(RecodeError(str(error)))
    if code == INTERRUPTED:
        print("recode: interrupted", file=sys.stderr)
    return code


def _failed(error: RecodeError) -> int:
    code = print_error(error)
    if "--json" in sys.argv:
        with contextlib.suppress(OutputLost):
            print_json({"error": truncate(str(error)), "exit_code": code})
    return code
