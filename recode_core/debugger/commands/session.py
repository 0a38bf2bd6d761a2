"""The session: its branches, what was done last, its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from recode_core import graph
from recode_core.debugger import show
from recode_core.debugger.commands.console import Console, WrongWords, command, no_words, one_word


@command("branches", "the branches, each with where and why it began")
def _branches(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    yield from show.branches(console.debugger.log, console.debugger.branch)


@command("switch BRANCH", "to the end of a branch", "cursor back")
def _switch(console: Console, text: str, block: str | None) -> Iterator[str]:
    console.debugger.switch(one_word(text))
    yield from show.arrival(console.debugger)


@command("undo", "revert the last command")
def _undo(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    console.debugger.undo()
    yield from show.arrival(console.debugger)


@command("redo", "do again what was undone last")
def _redo(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    console.debugger.redo()
    yield from show.arrival(console.debugger)


@command("reuse on|off", "whether expansions with the same prompt are taken over after a change")
def _reuse(console: Console, text: str, block: str | None) -> Iterator[str]:
    if text not in ("on", "off"):
        raise WrongWords(f"reuse is on or off, not {text!r}")
    console.debugger.parts.live_run().reuse = text == "on"
    yield f"reuse is {text}"


@command("rerun", "the same settings again, in a new session")
def _rerun(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    before = console.debugger.path
    console.debugger, console.candidates = console.rerun(), []
    yield f"a new session is recorded in {console.debugger.path}; the one before stays in {before}"
    yield from show.arrival(console.debugger)


@command("save FILE", "write a copy of the session")
def _save(console: Console, text: str, block: str | None) -> Iterator[str]:
    path = one_word(text)
    console.save(Path(path))
    yield f"saved {path}"


@command("export FILE", "write the tree with its branches, by the file's ending: .graphml, .json")
def _export(console: Console, text: str, block: str | None) -> Iterator[str]:
    path = Path(one_word(text))
    graph.write(console.debugger.log, path)
    yield f"exported {path}"


@command("quit", "end")
def _quit(console: Console, text: str, block: str | None) -> Iterator[str]:
    no_words(text)
    console.stopped = True
    yield from ()
