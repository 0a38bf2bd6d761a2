"""Writes the bundled prompts to a folder, as a start for prompts of one's own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from recode_core.environments.registry import environment, names
from recode_core.errors import EnvironmentUnavailable, RecodeError
from recode_core.files import write_new
from recode_core.policies.prompts.folder import SUFFIXES
from recode_core.policies.prompts.prompts import EXAMPLES_OF, rules_for


def export(folder: Path, environment_name: str = "") -> list[Path]:
    """Write the rules of all agents, and actions and examples of one environment or of all; return the files.

    Raises RecodeError if the folder is not empty, or can't be written.
    """
    texts: dict[str, str] = {f"rules{suffix}.md": rules_for(agent) for agent, suffix in SUFFIXES.items()}
    for name in [environment_name] if environment_name else names():
        with suppress(*([] if environment_name else [EnvironmentUnavailable])):
            texts |= {f"{name}/{file}": text for file, text in _of(name).items()}
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise RecodeError(f"{folder} is not empty, and files are never overwritten: choose a new folder")
        for place in {folder.joinpath(file).parent for file in texts}:
            place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecodeError(f"{folder} cannot be written: {error.strerror}") from None
    written = [folder / file for file in texts]
    for path, text in zip(written, texts.values(), strict=True):
        write_new(path, f"{text.strip()}\n")
    return written


def _of(name: str) -> dict[str, str]:
    """The texts of an environment by file name. Raises EnvironmentUnavailable if it can't be loaded."""
    guide = environment(name).guide
    texts = {"actions.md": guide.actions}
    texts |= {
        f"examples{suffix}.md": getattr(guide, EXAMPLES_OF[agent]) for agent, suffix in SUFFIXES.items()
    }
    texts |= {f"examples/{kind}.md": text for kind, text in guide.kinds.items()}
    return {file: text for file, text in texts.items() if text.strip()}
