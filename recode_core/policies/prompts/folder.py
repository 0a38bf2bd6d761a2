"""Reading a folder of prompts, in our layout or in that of the published ReCode repository.

Ours: `rules.md` for all environments, and in a folder named like the environment `rules.md`, `actions.md`,
`examples.md` and `examples/KIND.md`; `rules_AGENT.md` and `examples_AGENT.md` for the other agents. Theirs
(github.com/FoundationAgents/ReCode at cc30fec, agents/recode/resources): `fewshots/ENV/KIND.txt` or
`base.txt`, and `prompts/ENV/actions.txt`. What a folder does not have is taken from our own set.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from recode_core.environments.registry import environment, names
from recode_core.errors import RecodeError
from recode_core.policies.prompts.prompts import OURS, Prompts, bundled
from recode_core.values import clean

LARGEST = 100_000
"""Bytes of one file; a session keeps the text of what it uses."""

SUFFIXES = {"recode": "", "react": "_react", "codeact": "_codeact"}
"""What the names of an agent's own files end in."""

ALIASES = {"household": ("alfworld",), "alfworld": ("household",), "scienceworld": ("sciworld",)}
"""Other names that an environment's folder may have: the two household environments share their prompts."""

_ENDINGS = (".md", ".txt")
_OF_ALL = "base"  # the published name of the examples for tasks of every kind
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class BadPrompts(RecodeError):
    """A folder of prompts cannot be used; the text names the file."""


def load(folder: Path, environment_name: str, agent: str) -> Prompts:
    """The set of a folder for an environment and an agent, with examples for every kind of task.

    Raises BadPrompts where a file has a name that means nothing, is not UTF-8 or is larger than `LARGEST`,
    and where the folder has nothing for that environment and agent; RecodeError for an unknown environment.
    """
    guide = environment(environment_name).guide
    ours = bundled(guide, agent)
    found = _Folder(folder, environment_name, agent, guide.kinds)
    if not found.texts:
        raise BadPrompts(
            f"{folder} has no prompts for {environment_name} and the agent {agent}: it would hold "
            f"{environment_name}/rules{SUFFIXES[agent]}.md, actions.md or examples{SUFFIXES[agent]}.md; "
            "recode prompts export DIR writes ours to start from"
        )
    texts = {part: text_of(ours, part) for part in ours.sources}
    if "examples" in found.texts:  # they are for every kind that has none of its own
        texts = {part: text for part, text in texts.items() if not part.startswith("examples/")}
    texts |= found.texts
    return Prompts(
        clean(folder.absolute().name) or "prompts",
        texts["rules"],
        texts["actions"],
        texts["examples"],
        {part.partition("/")[2]: text for part, text in texts.items() if part.startswith("examples/")},
        {part: found.sources.get(part, OURS) for part in texts},
    )


def text_of(prompts: Prompts, part: str) -> str:
    """The text of a part: "rules", "actions", "examples" or "examples/KIND"."""
    _, _, kind = part.partition("/")
    return prompts.kinds[kind] if kind else str(getattr(prompts, part))


class _Folder:
    """The texts by part that a folder has for an environment and an agent, and the file that each is from."""

    def __init__(self, folder: Path, environment_name: str, agent: str, kinds: Iterable[str]) -> None:
        self.texts: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self._folder = folder
        self._suffix = SUFFIXES[agent]
        self._kinds = frozenset(kinds)
        top = self._files(folder, [f"rules{suffix}" for suffix in SUFFIXES.values()], _folders_known())
        for name in (environment_name, *ALIASES.get(environment_name, ())):
            self._take_ours(folder / name)
            self._take_published(name, agent)
        self._take("rules", top.get(f"rules{self._suffix}"))

    def _take_ours(self, place: Path) -> None:
        if not place.is_dir():
            return
        per_agent = [f"{part}{suffix}" for part in ("rules", "examples") for suffix in SUFFIXES.values()]
        folders = {f"examples{suffix}" for suffix in SUFFIXES.values()}
        files = self._files(place, [*per_agent, "actions"], folders)
        self._take("rules", files.get(f"rules{self._suffix}"))
        self._take("actions", files.get("actions"))
        of_kinds = {folder: self._of_kinds(place / folder) for folder in folders}  # all are checked
        examples = {"examples": files.get(f"examples{self._suffix}")}
        self._take_examples(examples | of_kinds[f"examples{self._suffix}"])

    def _take_published(self, name: str, agent: str) -> None:
        actions = self._folder / "prompts" / name
        if actions.is_dir():
            self._take("actions", self._files(actions, ["actions"], ()).get("actions"))
        if agent == "recode":
            examples = self._of_kinds(self._folder / "fewshots" / name, _OF_ALL)
            self._take_examples({"examples": examples.pop(f"examples/{_OF_ALL}", None)} | examples)

    def _of_kinds(self, place: Path, of_all: str = "") -> dict[str, Path | None]:
        if not place.is_dir():
            return {}
        known = [*sorted(self._kinds), *filter(None, [of_all])] if self._kinds else None
        return {f"examples/{kind}": path for kind, path in self._files(place, known, ()).items()}

    def _take_examples(self, files: dict[str, Path | None]) -> None:
        """Take examples from where there are any first: those of two places are not mixed."""
        if not any(part.startswith("examples") for part in self.texts):
            for part, path in files.items():
                self._take(part, path)

    def _take(self, part: str, path: Path | None) -> None:
        if path is not None and part not in self.texts:
            self.texts[part] = _text(path)
            self.sources[part] = clean(path.relative_to(self._folder).as_posix())

    def _files(self, place: Path, known: Iterable[str] | None, folders: Iterable[str]) -> dict[str, Path]:
        """The files of a folder by their names without ending. Raises BadPrompts for one that means nothing.

        `known` are the names that mean something, all do where it is None.
        """
        names = None if known is None else tuple(known)
        found: dict[str, Path] = {}
        for path in _entries(place):
            if path.name.startswith((".", "__")) or path.stem.lower() == "readme":
                continue
            if path.is_dir() and path.name in folders:
                continue
            if path.is_dir() or path.suffix not in _ENDINGS or (names is not None and path.stem not in names):
                raise BadPrompts(_meaningless(path, names, folders))
            if path.stem in found:
                raise BadPrompts(f"{path} and {found[path.stem].name} are the same part: keep one of them")
            found[path.stem] = path
        return found


def _folders_known() -> set[str]:
    return {*names(), *(alias for known in ALIASES.values() for alias in known), "fewshots", "prompts"}


def _entries(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir())
    except NotADirectoryError:
        raise BadPrompts(f"{place} is no folder of prompts: it is a file") from None
    except OSError as error:
        raise BadPrompts(f"{place} cannot be read: {error.strerror}") from None


def _meaningless(path: Path, files: Iterable[str] | None, folders: Iterable[str]) -> str:
    what, known = "folder", sorted(folders)
    if not path.is_dir():
        what, known = "file", [f"{name}.md" for name in files or ()]
    close = difflib.get_close_matches(path.name, known, n=1)
    such = f"; did you mean {close[0]}?" if close else f"; there can be {', '.join(known)}" if known else ""
    return f"unknown {what} {path} in a folder of prompts{such}"


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise BadPrompts(f"{path} cannot be read: it is not a regular file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadPrompts(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise BadPrompts(f"{path} is too large for a prompt: more than {LARGEST:,} bytes")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadPrompts(f"{path} cannot be read: byte {error.start} is no UTF-8 text") from None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise BadPrompts(f"{path}, line {line}: {control[0]!r} is a control character")
    return text
