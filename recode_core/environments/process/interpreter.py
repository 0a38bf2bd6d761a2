"""Which Python an environment's library is taken from, and what that Python has."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec

# Looks for a package without importing it, from where a worker would: not from the working directory.
_PROBE = """
import importlib.metadata, importlib.util, sys
sys.path[:] = [folder for folder in sys.path if folder]
if importlib.util.find_spec(sys.argv[1]) is None:
    sys.exit(9)
try:
    print(importlib.metadata.version(sys.argv[1]))
except importlib.metadata.PackageNotFoundError:
    print("")
"""
_ABSENT = 9
_SECONDS = 20.0  # that another Python may take


def variable(environment: str) -> str:
    """The variable that names a Python, for a library that is installed elsewhere."""
    return f"RECODE_{environment.upper()}_PYTHON"


def interpreter(environment: str) -> str:
    """The Python to run an environment's child process with."""
    return os.environ.get(variable(environment)) or sys.executable


def lack(python: str, package: str) -> str:
    """Why a package is unavailable in a Python, as in "has no package alfworld"; empty where it can.

    Another Python than this one is run to find out.
    """
    return _asked(python, package)[1]


def elsewhere(environment: str) -> str:
    """What the Python that an environment's variable names has of it; empty where the variable is not set.

    The package has the environment's name.
    """
    if not (python := os.environ.get(variable(environment))):
        return ""
    version, problem = _asked(python, environment)
    return (
        f"{variable(environment)} names {python}, which {problem or f'has {environment} {version}'.strip()}"
    )


def _asked(python: str, package: str) -> tuple[str, str]:
    """The version of a package that a Python has; and why it can't be had there, empty where it can."""
    if python == sys.executable:
        if find_spec(package) is None:
            return "", f"has no package {package}"
        with suppress(metadata.PackageNotFoundError):
            return metadata.version(package), ""
        return "", ""
    try:
        ran = subprocess.run(
            [python, "-c", _PROBE, package],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return "", f"has not answered in {_SECONDS:g} s"
    except (OSError, ValueError) as error:
        return "", f"cannot be run: {getattr(error, 'strerror', None) or error}"
    if ran.returncode == _ABSENT:
        return "", f"has no package {package}"
    if ran.returncode:
        said = (ran.stderr.strip().splitlines() or ["it says nothing"])[-1]
        return "", f"cannot be asked for {package}: {said}"
    return ran.stdout.strip(), ""
