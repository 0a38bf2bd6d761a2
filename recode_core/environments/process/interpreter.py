"""The Python that runs an environment's library, and the packages installed in it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec

# Finds a package without importing it. Like a worker, it doesn't search the working directory.
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
_SECONDS = 20.0  # time-out for another Python


def variable(environment: str) -> str:
    """The environment variable with the path of another Python, in which the library is installed."""
    return f"RECODE_{environment.upper()}_PYTHON"


def interpreter(environment: str) -> str:
    """The Python to run an environment's child process with."""
    return os.environ.get(variable(environment)) or sys.executable


def package_problem(python: str, package: str) -> str:
    """Why a package is unavailable in a Python, as in "has no package alfworld"; empty if it is available.

    Starts the Python to find out, unless it is the current one.
    """
    return _version(python, package)[1]


def other_python(environment: str) -> str:
    """A sentence with the environment's version in the Python that its variable names, or why it has none.

    Empty if the variable is not set. The package has the environment's name.
    """
    if not (python := os.environ.get(variable(environment))):
        return ""
    version, problem = _version(python, environment)
    return (
        f"{variable(environment)} names {python}, which {problem or f'has {environment} {version}'.strip()}"
    )


def _version(python: str, package: str) -> tuple[str, str]:
    """The version of a package in a Python, and why it is unavailable there, empty if it is available."""
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
        output = (ran.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        return "", f"failed to look for {package}: {output}"
    return ran.stdout.strip(), ""
