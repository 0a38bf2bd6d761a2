"""What `recode run` and `recode debug` are told alike: the run to start, and where it is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from recode_core.session import Settings

Env = Annotated[str | None, typer.Option(help="The environment, such as household.")]
Task = Annotated[str | None, typer.Option(help="A task, such as put:7; see recode tasks.")]
Policy = Annotated[str, typer.Option(help="Who expands placeholders: expert.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the result as one JSON object, on the last line.")
]
SessionFile = Annotated[Path | None, typer.Option(help="Record into this new file.")]
SessionsDir = Annotated[Path | None, typer.Option(help="Record into a new file in this folder.")]
RepeatAction = Annotated[
    bool, typer.Option("--repeat-action", help="On resuming, allow an action to be done a second time.")
]
MaxDepth = Annotated[int, typer.Option(min=1, help="Nested expansions.")]
Rewrites = Annotated[int, typer.Option(min=0, help="Refused replies of one expansion.")]
Repairs = Annotated[int, typer.Option(min=0, help="Failures of one placeholder.")]
MaxSteps = Annotated[int | None, typer.Option(min=0, help="Actions.")]
MaxCalls = Annotated[int | None, typer.Option(min=0, help="Policy calls.")]
MaxTokens = Annotated[int | None, typer.Option(min=0, help="Tokens.")]
MaxCost = Annotated[float | None, typer.Option(min=0, help="US dollars.")]
MaxSeconds = Annotated[float | None, typer.Option(min=0, help="Wall time.")]
StatementSeconds = Annotated[float, typer.Option(min=0.01, help="Sandbox time of a statement.")]
MemoryMb = Annotated[int, typer.Option(min=16, help="Sandbox memory.")]
Seed = Annotated[int, typer.Option(min=0, help="Of random numbers in the sandbox.")]

_LIMITS = (
    "max_depth",
    "rewrites",
    "repairs",
    "max_steps",
    "max_calls",
    "max_tokens",
    "max_cost",
    "max_seconds",
)
_SANDBOX = ("statement_seconds", "memory_mb", "seed")


def new_settings(context: typer.Context, instead: str) -> Settings:
    """The settings of a new run, as they were given; `instead` names what would make them needless."""
    from recode_core.executor.limits import Limits
    from recode_core.interpreter.sessions import SandboxLimits
    from recode_core.session import Settings

    given = context.params
    if given["env"] is None or given["task"] is None:
        raise typer.BadParameter(f"both are needed, or {instead}", param_hint="--env, --task")
    return Settings(
        given["env"],
        given["task"],
        given["policy"],
        limits=Limits(*(given[name] for name in _LIMITS)),
        sandbox=SandboxLimits(*(given[name] for name in _SANDBOX)),
    )


def refuse_others(context: typer.Context, allowed: set[str], hint: str) -> None:
    """A session brings its own settings; to change them is another run."""
    given = {
        name
        for name in context.params
        if (source := context.get_parameter_source(name)) is not None and source.name == "COMMANDLINE"
    }
    if others := sorted(given - allowed):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in others)
        raise typer.BadParameter(f"a session has its own settings; leave out {names}", param_hint=hint)


def new_path(session: Path | None, sessions_dir: Path | None) -> Path:
    """The file of a new session."""
    from recode_core.session import new_id

    if session is not None and sessions_dir is not None:
        raise typer.BadParameter("give one of them", param_hint="--session, --sessions-dir")
    if session is not None:
        return session
    if sessions_dir is None:
        import platformdirs

        sessions_dir = platformdirs.user_data_path("recode", appauthor=False) / "sessions"
    return sessions_dir / f"{new_id()}.jsonl"
