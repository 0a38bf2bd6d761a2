"""The words of the source: retired words stand nowhere in the packages that use the field's terms.

`DONE` lists those packages of the core, `DONE_TUI` those of the screen. A package is added once it is free
of the retired words.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE, TUI = ROOT / "recode_core", ROOT / "recode_tui"
DONE = (
    "agents",
    "batch",
    "dap",
    "debugger",
    "entry_points",
    "environments",
    "executor",
    "export",
    "interpreter",
    "mcp",
    "policies",
    "report",
    "session",
    "statements",
    "timeline",
)
DONE_TUI = ("_textual", "cli", "debug", "demo", "home", "web", "widgets")

_QUOTES = re.compile(r"^#|^[a-zA-Z]{0,2}[\"']+|[\"']+$")

RETIRED_NAMES = frozenset(
    {
        # the run and its environment
        *("Cast", "cast", "cast_of", "home", "keeper", "refuse_doubt", "policy_of", "in_turns", "InTurns"),
        # the session
        *("listed", "completed", "take_in", "keep", "followed", "first_fault"),
        # the debugger
        *("How", "Plan", "Horizon", "horizon", "Verdicts", "verdicts", "go_on", "look", "bring", "break_off"),
        *(
            "Opened",
            "Otherwise",
            "Worldly",
            "propose",
            "graft",
            "reckoned",
            "begun",
            "touched",
            "check_ahead",
        ),
        *("acted", "no_words", "one_word", "real", "unquoted", "WrongWords", "Divide", "Answer", "Arrived"),
        # the screen
        *(
            "Ending",
            "Heads",
            "Surveyed",
            "Wish",
            "wish",
            "warmth",
            "arriving",
            "Unreadable",
            "Opening",
            "Offer",
            "Look",
            "LOOKS",
            "look_of",
        ),
        # reports and exports
        *(
            "Corpus",
            "corpus",
            "Left",
            "told",
            "Story",
            "story",
            "Said",
            "Coded",
            "Acted",
            "Aside",
            "set_aside",
        ),
    }
)
"""Identifiers: names of modules, classes, functions, arguments, variables and attributes."""

RETIRED_PHRASES = (
    r"\bgoes? on on\b",
    r"\bgone on with\b",
    r"\banswer(s|ed)? otherwise\b",
    r"\bbrought back\b",
    r"\bno \w+ is called\b",
    r"\bis no (node|command|session|placeholder|variable|policy)\b",
    r"\bcan follow here\b",
    r"\bmust follow\b",
    r"^(What|Who|Whom|Those|How many|How much)\b",
    r"\blooked at only\b",
    r"\bat rest\b",
    r"\bunder way\b",
)
"""Regular expressions for docstrings, comments, help texts and messages."""


KEPT = frozenset(
    {
        "policy_of",  # a public option of BatchOptions
        # headings of prompts: other words would change what models are asked, and the hashes of prompts
        "What went wrong before, and what has been done since:",
        "What went wrong:",
    }
)
"""Names and texts with a retired word that stay, each for a reason."""


def sources() -> list[Path]:
    """The modules that are done: those of the packages listed, and those directly in core and screen."""
    packages = (*(CORE / name for name in DONE), *(TUI / name for name in DONE_TUI))
    modules = {path for package in packages for path in package.rglob("*.py")}
    return sorted({*modules, *CORE.glob("*.py"), *TUI.glob("*.py")} - {TUI / "home" / "listing.py"})


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names in a module, each with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.alias(name=name):
                yield node.lineno, name.rpartition(".")[2]


def names_of_typing(tree: ast.Module) -> frozenset[str]:
    """The names that a module imports from `typing`, such as `cast`."""
    imports = (
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "typing"
    )
    return frozenset(alias.name for node in imports for alias in node.names)


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The strings and comments of a module, each with its line and on one line."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", -1)):
            yield token.start[0], " ".join(_QUOTES.sub("", token.string).split())


def retired_in(text: str) -> Iterator[tuple[int, str]]:
    """Retired words in the source of a module, each with its line."""
    tree = ast.parse(text)
    retired = RETIRED_NAMES - KEPT - names_of_typing(tree)
    for line, name in identifiers(tree):
        if name.lstrip("_") in retired:
            yield line, name
    for line, found in prose(text):
        if found not in KEPT:
            yield from ((line, match[0]) for phrase in RETIRED_PHRASES if (match := re.search(phrase, found)))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_retired_word_stands_in_a_package_that_is_done(path: Path) -> None:
    assert list(retired_in(path.read_text("utf-8"))) == []
    assert path.stem not in RETIRED_NAMES


def test_no_two_public_classes_of_the_packages_have_one_name() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_a_name_of_typing_is_not_retired() -> None:
    assert list(retired_in("from typing import cast\nx = cast(int, 1)")) == []
    assert list(retired_in("cast = 1")) == [(1, "cast")]


def test_retired_words_are_found_in_names_docstrings_comments_and_messages() -> None:
    text = '''"""What the policies are called."""
def cast_of(home: str) -> str:  # the branch that the session goes on on
    return f"no policy is called {home!r}"
'''
    found = {word for _, word in retired_in(text)}
    assert found == {"What", "cast_of", "home", "goes on on", "no policy is called"}
