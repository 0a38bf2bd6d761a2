"""Training data for supervised fine-tuning: JSON Lines, one conversation per line.

Layouts: the `messages` of OpenAI's fine-tuning guide, where a `weight` of 0 excludes an earlier reply from
the loss; the conversational prompt-completion dataset of TRL, where the loss is on the completion.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from recode_core.errors import RecodeError, SessionError
from recode_core.export.dataset_manifest import DatasetManifest, SourceSession, tokens_of, totals_of
from recode_core.export.pairs import TrainingExpansions, TrainingPair
from recode_core.export.trajectories import Trajectory, exclusions, sessions_in, trajectory_of
from recode_core.files import new_file
from recode_core.format import counted
from recode_core.session import read
from recode_core.session.catalog import load_result
from recode_core.values import Message, clean
from recode_core.version import __version__

Layout = Literal["openai", "trl"]


def write(
    places: Iterable[Path],
    out: Path,
    *,
    top: float | None = None,
    least: float | None = None,
    layout: Layout = "openai",
) -> DatasetManifest:
    """Write the pairs of the best runs among the sessions to a new file, with a manifest next to it.

    Raises RecodeError if there are no pairs, or if a file cannot be read or written.
    """
    beside = manifest_path(out)
    for path in (out, beside):
        if path.exists():
            raise RecodeError(f"{path} exists and is never overwritten: delete it or choose another name")
    found, sources = _trajectories(places)
    aside = exclusions(found, top, least)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecodeError(f"{out} cannot be written: {error.strerror}") from None
    with new_file(beside) as about, new_file(out) as file:
        collected = _Collected(file, _LAYOUTS[layout])
        sources += [collected.take(run, aside.get(run.path, "")) for run in found]
        if not collected.pairs:
            raise SessionError(_why_nothing(sources, collected.unused))
        manifest = _manifest(collected, sources, file=clean(out.name), layout=layout, top=top, least=least)
        about.write(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        about.flush()  # a full disk is noticed before either file appears
    return manifest


def _manifest(
    collected: _Collected,
    sources: Sequence[SourceSession],
    *,
    file: str,
    layout: Layout,
    top: float | None,
    least: float | None,
) -> DatasetManifest:
    return DatasetManifest(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recode=__version__,
        file=file,
        layout=layout,
        top_percent=top,
        min_score=least,
        pairs=collected.pairs,
        table=totals_of(sources),
        by_kind=totals_of(sources, by_kind=True),
        reasons=dict(collected.reasons),
        authors=dict(collected.authors),
        expansions_left_out=dict(+collected.unused),
        sessions_left_out=dict(Counter(source.left_out for source in sources if source.left_out)),
        sessions=tuple(sources),
    )


def manifest_path(out: Path) -> Path:
    """The path of the manifest of a file with training data."""
    return out.with_name(f"{out.name.removesuffix('.jsonl')}.manifest.json")


def _trajectories(places: Iterable[Path]) -> tuple[list[Trajectory], list[SourceSession]]:
    """The readable runs, and the damaged files."""
    runs: list[Trajectory] = []
    damaged: list[SourceSession] = []
    for entry in sessions_in(places):
        entry = load_result(entry)
        run = trajectory_of(entry)
        if run is None:
            damaged.append(_damaged(entry.path, entry.error))
        else:
            runs.append(run)
    return runs, damaged


def _damaged(path: Path, why: str) -> SourceSession:
    return SourceSession(file=clean(str(path)), left_out="damaged", detail=clean(why))


def _openai(pair: TrainingPair) -> dict[str, object]:
    earlier = [
        {**_spoken(message), "weight": 0} if message.role == "assistant" else _spoken(message)
        for message in pair.prompt
    ]
    return {"messages": [*earlier, _spoken(Message("assistant", pair.target))]}


def _trl(pair: TrainingPair) -> dict[str, object]:
    target = _spoken(Message("assistant", pair.target))
    return {"prompt": [_spoken(message) for message in pair.prompt], "completion": [target]}


def _spoken(message: Message) -> dict[str, object]:
    return {"role": message.role, "content": message.content}


_LAYOUTS: dict[Layout, Callable[[TrainingPair], dict[str, object]]] = {"openai": _openai, "trl": _trl}


class _Collected:
    """Writes pairs, each once, and counts them."""

    def __init__(self, file: BinaryIO, layout: Callable[[TrainingPair], dict[str, object]]) -> None:
        self.pairs = 0
        self.reasons: Counter[str] = Counter()
        self.authors: Counter[str] = Counter()
        self.unused: Counter[str] = Counter()
        self._file = file
        self._layout = layout
        self._known: set[bytes] = set()

    def take(self, trajectory: Trajectory, left_out: str) -> SourceSession:
        """Write the pairs of a run, unless it is excluded. Returns its entry in the manifest."""
        try:
            pairs = [] if left_out else self._pairs_of(trajectory)
        except SessionError as error:
            return _damaged(trajectory.path, str(error))
        written = [pair for pair in pairs if self._write(pair)]
        return SourceSession(
            file=clean(str(trajectory.path)),
            id=trajectory.id,
            agent=trajectory.agent,
            environment=trajectory.environment,
            task=trajectory.task,
            kind=trajectory.kind,
            score=trajectory.result.score,
            solved=trajectory.result.solved,
            pairs=len(written),
            prompt_tokens=sum(tokens_of(message.content) for pair in written for message in pair.prompt),
            target_tokens=sum(tokens_of(pair.target) for pair in written),
            left_out=left_out,
        )

    def _pairs_of(self, trajectory: Trajectory) -> list[TrainingPair]:
        session = read(trajectory.path)
        with session.integrity_errors():
            expansions = TrainingExpansions(session.timeline())
            pairs = expansions.pairs(session.log())
        self.unused += Counter({str(why): count for why, count in expansions.unused.items()})
        return pairs

    def _write(self, pair: TrainingPair) -> bool:
        """Write a pair if it is new, and tell whether it was."""
        line = msgspec.json.encode(self._layout(pair)) + b"\n"
        digest = hashlib.sha256(line).digest()
        if digest in self._known:
            self.unused["duplicate"] += 1
            return False
        self._known.add(digest)
        self._file.write(line)
        self.pairs += 1
        self.reasons[pair.reason] += 1
        self.authors[pair.by] += 1
        return True


def _why_nothing(sources: Sequence[SourceSession], unused: Counter[str]) -> str:
    sessions = Counter(source.left_out or "used" for source in sources)
    counts = [f"{counted(count, 'session')} {why}" for why, count in sessions.items()]
    counts += [f"{counted(count, 'expansion')} {why}" for why, count in unused.items() if count]
    why = next((f"; {source.detail}" for source in sources if source.detail), "")
    return f"no pairs to write ({', '.join(counts)}): choose other sessions, or select more of them{why}"
