"""Training data for supervised fine-tuning, as trainers read it: JSON Lines, a conversation a line.

Sources: the `messages` of OpenAI's fine-tuning guide, in which a `weight` of 0 keeps an earlier reply
out of the loss; the conversational prompt-completion data set of TRL, whose loss is on the completion.
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
from recode_core.export.manifest import Manifest, Source, summed, tokens_of
from recode_core.export.pairs import Expansions, Pair
from recode_core.export.trajectories import Trajectory, sessions_in, set_aside, trajectory_of
from recode_core.files import new_file
from recode_core.format import counted
from recode_core.session import read
from recode_core.session.catalog import completed
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
) -> Manifest:
    """Write the pairs of the best runs among those sessions to a new file, and a manifest beside it.

    Raises RecodeError where nothing would be in it, or something can't be read or written.
    """
    beside = manifest_path(out)
    for path in (out, beside):
        if path.exists():
            raise RecodeError(f"{path} exists and is never overwritten: delete it first or name another file")
    found, sources = _looked_at(places)
    aside = set_aside(found, top, least)
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
    sources: Sequence[Source],
    *,
    file: str,
    layout: Layout,
    top: float | None,
    least: float | None,
) -> Manifest:
    return Manifest(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recode=__version__,
        file=file,
        layout=layout,
        top_percent=top,
        min_score=least,
        pairs=collected.pairs,
        table=summed(sources),
        by_kind=summed(sources, by_kind=True),
        reasons=dict(collected.reasons),
        authors=dict(collected.authors),
        expansions_left_out=dict(+collected.unused),
        sessions_left_out=dict(Counter(source.left_out for source in sources if source.left_out)),
        sessions=tuple(sources),
    )


def manifest_path(out: Path) -> Path:
    """Where the manifest of training data is."""
    return out.with_name(f"{out.name.removesuffix('.jsonl')}.manifest.json")


def _looked_at(places: Iterable[Path]) -> tuple[list[Trajectory], list[Source]]:
    """The runs that can be read, and the files that can't."""
    runs: list[Trajectory] = []
    damaged: list[Source] = []
    for entry in sessions_in(places):
        entry = completed(entry)
        run = trajectory_of(entry)
        if run is None:
            damaged.append(_damaged(entry.path, entry.error))
        else:
            runs.append(run)
    return runs, damaged


def _damaged(path: Path, why: str) -> Source:
    return Source(file=clean(str(path)), left_out="damaged", detail=clean(why))


def _openai(pair: Pair) -> dict[str, object]:
    earlier = [
        {**_spoken(message), "weight": 0} if message.role == "assistant" else _spoken(message)
        for message in pair.prompt
    ]
    return {"messages": [*earlier, _spoken(Message("assistant", pair.target))]}


def _trl(pair: Pair) -> dict[str, object]:
    target = _spoken(Message("assistant", pair.target))
    return {"prompt": [_spoken(message) for message in pair.prompt], "completion": [target]}


def _spoken(message: Message) -> dict[str, object]:
    return {"role": message.role, "content": message.content}


_LAYOUTS: dict[Layout, Callable[[Pair], dict[str, object]]] = {"openai": _openai, "trl": _trl}


class _Collected:
    """The pairs that were written so far, each once, with a count of all that was met."""

    def __init__(self, file: BinaryIO, layout: Callable[[Pair], dict[str, object]]) -> None:
        self.pairs = 0
        self.reasons: Counter[str] = Counter()
        self.authors: Counter[str] = Counter()
        self.unused: Counter[str] = Counter()
        self._file = file
        self._layout = layout
        self._known: set[bytes] = set()

    def take(self, trajectory: Trajectory, left_out: str) -> Source:
        """Write the pairs of a run, unless it is left out; what came of it."""
        try:
            pairs = [] if left_out else self._pairs_of(trajectory)
        except SessionError as error:
            return _damaged(trajectory.path, str(error))
        written = [pair for pair in pairs if self._write(pair)]
        return Source(
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

    def _pairs_of(self, trajectory: Trajectory) -> list[Pair]:
        session = read(trajectory.path)
        with session.followed():
            expansions = Expansions(session.timeline())
            pairs = expansions.pairs(session.log())
        self.unused += Counter({str(why): count for why, count in expansions.unused.items()})
        return pairs

    def _write(self, pair: Pair) -> bool:
        """Write a pair, if it is new."""
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


def _why_nothing(sources: Sequence[Source], unused: Counter[str]) -> str:
    sessions = Counter(source.left_out or "used" for source in sources)
    told = [f"{counted(count, 'session')} {why}" for why, count in sessions.items()]
    told += [f"{counted(count, 'expansion')} {why}" for why, count in unused.items() if count]
    why = next((f"; {source.detail}" for source in sources if source.detail), "")
    return (
        f"no pair is left to be written ({', '.join(told)}): name other sessions, or take more of them{why}"
    )
