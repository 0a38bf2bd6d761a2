"""Which Python an environment's library is taken from."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec


def variable(environment: str) -> str:
    """The variable that names a Python, for a library that is installed elsewhere."""
    return f"RECODE_{environment.upper()}_PYTHON"


def interpreter(environment: str) -> str:
    """The Python to run an environment's child process with."""
    return os.environ.get(variable(environment)) or sys.executable


def has(python: str, package: str) -> bool:
    """Whether a package is likely to be there, as far as can be told without running another Python."""
    return find_spec(package) is not None if python == sys.executable else shutil.which(python) is not None
