"""What the packages promise about imports, and the repository about its text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

IMPORT_ALL = """
import importlib, pkgutil, recode_core
for module in pkgutil.walk_packages(recode_core.__path__, "recode_core."):
    importlib.import_module(module.name)
"""


def loaded_by(code: str) -> set[str]:
    """The top-level names of all modules that a fresh interpreter has loaded after `code`."""
    script = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def tracked_texts() -> dict[str, str]:
    """Every text file that git tracks, by its path."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so which files are tracked is not known")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [path for path in listing.stdout.split("\0") if (ROOT / path).is_file()]
    return {path: (ROOT / path).read_bytes().decode(errors="replace") for path in paths}


def lines_with(pattern: str) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in tracked_texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_module_of_the_core_loads_the_screen() -> None:
    loaded = loaded_by(IMPORT_ALL)
    assert "recode_core" in loaded
    assert not loaded & {"recode_tui", "textual"}


def test_the_logic_of_the_home_screen_does_not_load_textual() -> None:
    names = (
        "choices",
        "columns",
        "model_choice",
        "query",
        "run_settings",
        "session_info",
        "session_loader",
        "tasks",
    )
    loaded = loaded_by("".join(f"import recode_tui.home.{name}\n" for name in names))
    assert "recode_tui" in loaded
    assert "textual" not in loaded


def test_no_module_of_the_core_loads_a_slow_library_before_it_is_used() -> None:
    of_webshop = {"numpy", "bm25s", "Stemmer", "rapidfuzz"}
    assert not loaded_by(IMPORT_ALL) & {"networkx", "openai", "genai_prices", *of_webshop}


# The patterns below are written so that they don't match themselves.


def test_no_tracked_file_names_a_package_registry() -> None:
    assert lines_with(r"pypi[.]org|python[h]osted|npmjs[.]|deb[.]debian") == []


def test_no_tracked_file_names_a_home_folder() -> None:
    assert lines_with(r"/(?:home|Users)/\w|/roo[t]/") == []


def test_constraints_hold_names_and_exact_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
