"""Reads a folder of prompts, in our layout or in that of the published ReCode repository.

Our layout has `rules.md` for all environments. The folder `ENV` may contain `rules.md`, `actions.md`,
`examples.md` and `examples/KIND.md`; other agents have `rules_AGENT.md` and `examples_AGENT.md`. The
published layout (github.com/FoundationAgents/ReCode at cc30fec, agents/recode/resources) has
`fewshots/ENV/KIND.txt` or `base.txt`, and `prompts/ENV/actions.txt`. Missing texts are the bundled ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from recode_core.environments.registry import environment, names
from recode_core.errors import RecodeError
from recode_core.policies.prompts.prompts import BUNDLED, Prompts, bundled
from recode_core.suggest import available, closest
from recode_core.values import clean

LARGEST = 100_000
"""Maximum size of a file in bytes, since sessions store the texts that they use."""

SUFFIXES = {"recode": "", "react": "_react", "codeact": "_codeact"}
"""Endings of the names of files for each agent."""

ALIASES = {"household": ("alfworld",), "alfworld": ("household",), "scienceworld": ("sciworld",)}
"""Alternative names of an environment's folder: the two household environments share their prompts."""

_ENDINGS = (".md", ".txt")
_OF_ALL = "base"  # the published name for examples of all kinds of task
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class BadPrompts(RecodeError):
    """A folder of prompts is invalid; the message names the file."""


def load(folder: Path, environment_name: str, agent: str) -> Prompts:
    """Load the prompts for an environment and an agent, with examples for all kinds of task.

    Raises BadPrompts if a file has an unknown name, is not UTF-8 or is larger than `LARGEST`, or if
    the folder has no prompts for the environment and agent. Raises RecodeError for an unknown environment.
    """
    guide = environment(environment_name).guide
    ours = bundled(guide, agent)
    found = _Folder(folder, environment_name, agent, guide.kinds)
    if not found.texts:
        raise BadPrompts(
            f"{folder} has no prompts for {environment_name} and the agent {agent}: expected "
            f"{environment_name}/rules{SUFFIXES[agent]}.md, actions.md or examples{SUFFIXES[agent]}.md; "
            "recode prompts export DIR writes the bundled ones as a start"
        )
    texts = {part: text_of(ours, part) for part in ours.sources}
    if "examples" in found.texts:  # the folder's examples also replace the bundled ones of each kind
        texts = {part: text for part, text in texts.items() if not part.startswith("examples/")}
    texts |= found.texts
    return Prompts(
        clean(folder.absolute().name) or "prompts",
        texts["rules"],
        texts["actions"],
        texts["examples"],
        {part.partition("/")[2]: text for part, text in texts.items() if part.startswith("examples/")},
        {part: found.sources.get(part, BUNDLED) for part in texts},
    )


def text_of(prompts: Prompts, part: str) -> str:
    """The text of a part: "rules", "actions", "examples" or "examples/KIND"."""
    _, _, kind = part.partition("/")
    return prompts.kinds[kind] if kind else str(getattr(prompts, part))


class _Folder:
    """The texts in a folder for an environment and an agent, by part, and the file of each."""

    def __init__(self, folder: Path, environment_name: str, agent: str, kinds: Iterable[str]) -> None:
        self.texts: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self._folder = folder
        self._suffix = SUFFIXES[agent]
        self._kinds = frozenset(kinds)
        top = self._files(folder, [f"rules{suffix}" for suffix in SUFFIXES.values()], _folders_known())
        for name in (environment_name, *ALIASES.get(environment_name, ())):
            self._add_own_layout(folder / name)
            self._add_published_layout(name, agent)
        self._add("rules", top.get(f"rules{self._suffix}"))

    def _add_own_layout(self, place: Path) -> None:
        if not place.is_dir():
            return
        per_agent = [f"{part}{suffix}" for part in ("rules", "examples") for suffix in SUFFIXES.values()]
        folders = {f"examples{suffix}" for suffix in SUFFIXES.values()}
        files = self._files(place, [*per_agent, "actions"], folders)
        self._add("rules", files.get(f"rules{self._suffix}"))
        self._add("actions", files.get("actions"))
        of_kinds = {folder: self._of_kinds(place / folder) for folder in folders}  # all are checked
        examples = {"examples": files.get(f"examples{self._suffix}")}
        self._add_examples(examples | of_kinds[f"examples{self._suffix}"])

    def _add_published_layout(self, name: str, agent: str) -> None:
        actions = self._folder / "prompts" / name
        if actions.is_dir():
            self._add("actions", self._files(actions, ["actions"], ()).get("actions"))
        if agent == "recode":
            examples = self._of_kinds(self._folder / "fewshots" / name, _OF_ALL)
            self._add_examples({"examples": examples.pop(f"examples/{_OF_ALL}", None)} | examples)

    def _of_kinds(self, place: Path, of_all: str = "") -> dict[str, Path | None]:
        if not place.is_dir():
            return {}
        known = [*sorted(self._kinds), *filter(None, [of_all])] if self._kinds else None
        return {f"examples/{kind}": path for kind, path in self._files(place, known, ()).items()}

    def _add_examples(self, files: dict[str, Path | None]) -> None:
        """Add the examples of the first place that has any; examples of two places are never mixed."""
        if not any(part.startswith("examples") for part in self.texts):
            for part, path in files.items():
                self._add(part, path)

    def _add(self, part: str, path: Path | None) -> None:
        if path is not None and part not in self.texts:
            self.texts[part] = _text(path)
            self.sources[part] = clean(path.relative_to(self._folder).as_posix())

    def _files(self, place: Path, known: Iterable[str] | None, folders: Iterable[str]) -> dict[str, Path]:
        """The files of a folder by name without ending. Raises BadPrompts for an unknown file.

        `known` are the allowed names; None allows all.
        """
        names = None if known is None else tuple(known)
        found: dict[str, Path] = {}
        for path in _entries(place):
            if path.name.startswith((".", "__")) or path.stem.lower() == "readme":
                continue
            if path.is_dir() and path.name in folders:
                continue
            if path.is_dir() or path.suffix not in _ENDINGS or (names is not None and path.stem not in names):
                raise BadPrompts(_unknown_file(path, names, folders))
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
        raise BadPrompts(f"{place} is not a folder of prompts: it is a file") from None
    except OSError as error:
        raise BadPrompts(f"{place} cannot be read: {error.strerror}") from None


def _unknown_file(path: Path, files: Iterable[str] | None, folders: Iterable[str]) -> str:
    what, known = "folder", sorted(folders)
    if not path.is_dir():
        what, known = "file", [f"{name}.md" for name in files or ()]
    close = closest(path.name, known)
    such = f"; did you mean {close}?" if close else available(known) if known else ""
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
        raise BadPrompts(f"{path} cannot be read: byte {error.start} is not UTF-8 text") from None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise BadPrompts(f"{path}, line {line}: {control[0]!r} is a control character")
    return text
