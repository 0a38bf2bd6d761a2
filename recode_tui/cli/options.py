"""Options and arguments that commands share: session files, and the settings of a new run."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from recode_tui.cli.folders import find_session, session_folders, sessions_folder

if TYPE_CHECKING:
    from recode_core.interpreter import SandboxLimits
    from recode_core.policies.prompts import Prompts
    from recode_core.session import Settings

_T = TypeVar("_T")

_MOST = 10**12  # of anything that is counted: it fits every format
_DAY = 86_400.0  # seconds
_TIB = 1 << 20  # MB


def path(text: str) -> Path:
    """Parse a path."""
    if not text:
        raise typer.BadParameter("the name is empty")
    return Path(text)


def session(text: str) -> Path:
    """Parse a session, given by its path or its name."""
    return find_session(str(path(text)))


def complete_session(incomplete: str) -> list[str]:
    """Complete the name of a session, for the shell."""
    from recode_core.session.names import LAST, names

    return [name for name in (*sorted(names(session_folders())), LAST) if name.startswith(incomplete)]


NAMED = "Its file, its name or the start of it, a sample's name, or last."


def session_argument(help: str, metavar: str = "FILE") -> Any:
    """An argument for a session, or for several."""
    return typer.Argument(parser=session, autocompletion=complete_session, metavar=metavar, help=help)


def session_option(help: str) -> Any:
    """An option for a session."""
    return typer.Option(parser=session, autocompletion=complete_session, metavar="FILE", help=help)


def path_option(metavar: str, help: str, *names: str) -> Any:
    """An option for a file or folder, under its parameter's name unless `names` are given."""
    return typer.Option(*names, parser=path, metavar=metavar, help=help)


SessionFile = Annotated[Path, session_argument(f"A session. {NAMED}")]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the result as one JSON object, on the last line.")
]
RepeatAction = Annotated[
    bool, typer.Option("--repeat-action", help="On resuming, allow an interrupted action to be repeated.")
]

PromptsFolder = Annotated[
    Path | None,
    path_option("DIR", "A folder of prompts: rules, actions, worked examples; see recode prompts export."),
]
StatementSeconds = Annotated[
    float, typer.Option(min=0.01, max=_DAY, help="Sandbox time of a statement; of a session, at most.")
]
MemoryMb = Annotated[int, typer.Option(min=16, max=_TIB, help="Sandbox memory in MB; of a session, at most.")]


@dataclass(frozen=True)
class NewRun:
    """A run to start, and its session file. Each field is an option."""

    env: Annotated[str | None, typer.Option(help="The environment, such as household.")] = None
    task: Annotated[
        str | None,
        typer.Option(
            help="A task, such as put:7; see recode tasks. Household also plays scene:PATH, the folder "
            "of an ALFWorld scene."
        ),
    ] = None
    policy: Annotated[
        str,
        typer.Option(
            help="The policy that expands placeholders: expert, human in the debugger, or a model by its "
            "profile, such as openai or ollama; see recode doctor."
        ),
    ] = "expert"
    model: Annotated[str | None, typer.Option(help="Another model than the profile's.")] = None
    temperature: Annotated[
        float | None, typer.Option(min=0, max=_MOST, help="Another temperature than the profile's.")
    ] = None
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Another endpoint than the profile's.")
    ] = None
    agent: Annotated[
        str,
        typer.Option(
            help="recode, or one that takes turns: react, an action each; codeact, a block of code."
        ),
    ] = "recode"
    prompts: PromptsFolder = None
    protocol: Annotated[
        str | None,
        typer.Option(
            metavar="paper",
            help="The settings that the ReCode paper was measured with: steps, attempts, depth, temperature, "
            "time. Options beside it win.",
        ),
    ] = None
    session: Annotated[Path | None, path_option("FILE", "Record into this new file.")] = None
    sessions_dir: Annotated[Path | None, path_option("DIR", "Record into a new file in this folder.")] = None
    max_depth: Annotated[
        int, typer.Option(min=1, max=_MOST, help="Depth: expansions that are open at once.")
    ] = 10
    rewrites: Annotated[int, typer.Option(min=0, max=_MOST, help="Refused replies of one expansion.")] = 5
    repairs: Annotated[int, typer.Option(min=0, max=_MOST, help="Failures of one placeholder.")] = 2
    episode_repairs: Annotated[
        int, typer.Option(min=0, max=_MOST, help="Failures of all placeholders together.")
    ] = 10
    max_steps: Annotated[int | None, typer.Option(min=0, max=_MOST, help="Actions.")] = None
    max_calls: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=_MOST,
            help="Policy calls; 60 unless given, and no limit for agents that take turns.",
        ),
    ] = None
    max_tokens: Annotated[int | None, typer.Option(min=0, max=_MOST, help="Tokens.")] = None
    max_cost: Annotated[float | None, typer.Option(min=0, max=_MOST, help="US dollars.")] = None
    max_seconds: Annotated[float | None, typer.Option(min=0, max=_MOST, help="Wall time.")] = None
    max_size: Annotated[float, typer.Option(min=0, max=_MOST, help="Megabytes of the session's file.")] = (
        100.0
    )
    statement_seconds: StatementSeconds = 5.0
    memory_mb: MemoryMb = 256
    seed: Annotated[int, typer.Option(min=0, max=_MOST, help="Of random numbers in the sandbox.")] = 0
    given: frozenset[str] = frozenset()
    """The names of the fields that the command line gives; no option."""

    def settings(self, instead: str) -> Settings:
        """The settings of the run. `instead` names the alternative to these options in an error."""
        from recode_core import protocol
        from recode_core.executor.limits import Limits, defaults
        from recode_core.session import Settings

        if self.env is None or self.task is None:
            raise typer.BadParameter(f"both are needed, or {instead}", param_hint="--env, --task")
        settings = Settings(
            self.env,
            self.task,
            self.policy,
            self.agent,
            model=self.model or "",
            sampling=self._sampling(),
            limits=Limits(
                depth=self.max_depth,
                rewrites=self.rewrites,
                repairs=self.repairs,
                episode_repairs=self.episode_repairs,
                steps=self.max_steps,
                calls=defaults(self.agent).calls if self.max_calls is None else self.max_calls,
                tokens=self.max_tokens,
                cost_usd=self.max_cost,
                seconds=self.max_seconds,
                size_mb=self.max_size,
            ),
            sandbox=self.sandbox,
            prompts=self._prompts(),
        )
        if self.protocol is None:
            return settings
        given = {_LIMITS.get(name, name) for name in self.given}
        return protocol.applied(settings, self.protocol, given)

    @property
    def sandbox(self) -> SandboxLimits:
        """The limits of a new run's sandbox, and the upper bounds for that of a session."""
        from recode_core.interpreter import SandboxLimits

        return SandboxLimits(self.statement_seconds, self.memory_mb, self.seed)

    def _prompts(self) -> Prompts | None:
        """The prompts in the folder for the environment and the agent."""
        if self.prompts is None or self.env is None:
            return None
        from recode_core.policies.prompts import load

        return load(self.prompts, self.env, self.agent)

    def _sampling(self) -> dict[str, str | float | int]:
        """The options that override a model's profile."""
        overrides = {"temperature": self.temperature, "base_url": self.base_url}
        given = {name: value for name, value in overrides.items() if value is not None}
        if self.policy in ("expert", "human") and (given or self.model):
            raise typer.BadParameter(
                f"{self.policy} is not a model: these options need a profile, given by --policy",
                param_hint="--model, --temperature, --base-url",
            )
        return given

    def path(self) -> Path:
        """The file of a new session."""
        from recode_core.session import new_id

        if self.session is not None and self.sessions_dir is not None:
            raise typer.BadParameter("give one of them", param_hint="--session, --sessions-dir")
        if self.session is not None:
            return self.session
        return (self.sessions_dir or sessions_folder()) / f"{new_id()}.jsonl"


_LIMITS = {
    "max_depth": "depth",
    "max_steps": "steps",
    "max_calls": "calls",
    "max_tokens": "tokens",
    "max_cost": "cost_usd",
    "max_seconds": "seconds",
    "max_size": "size_mb",
}
"""Limits whose option has another name."""

_CAPS = ("statement_seconds", "memory_mb")  # upper bounds for a session, so allowed with one


_NEW_RUN = {
    name: parameter
    for name, parameter in inspect.signature(NewRun, eval_str=True).parameters.items()
    if name != "given"
}


def with_new_run(command: Callable[..., _T], without: Container[str] = ()) -> Callable[..., _T]:
    """Give a command whose last parameter is a `NewRun` an option for each field of it.

    Fields in `without` have no option and keep their defaults.
    """
    offered = {name: parameter for name, parameter in _NEW_RUN.items() if name not in without}

    @functools.wraps(command)
    def wrapper(context: typer.Context, **given: object) -> _T:
        options = {name: given.pop(name) for name in offered}
        typed = frozenset(name for name in offered if _is_typed(context, name))
        return command(context, **given, new=NewRun(**options, given=typed))  # type: ignore[arg-type]

    own = inspect.signature(command, eval_str=True)
    kept = [parameter for name, parameter in own.parameters.items() if name != "new"]
    wrapper.__signature__ = own.replace(parameters=[*kept, *offered.values()])  # type: ignore[attr-defined]
    return wrapper


def refuse_new_run(context: typer.Context, hint: str, more: tuple[str, ...] = ()) -> None:
    """Raise BadParameter if options of a new run are given with a session, which has its own settings.

    `more` names further options that count as settings.
    """
    given = [name for name in (*more, *_NEW_RUN) if name not in _CAPS and _is_typed(context, name)]
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise typer.BadParameter(
            f"a session has its own settings; leave out {names} (recode debug can raise a limit: "
            "back, limit NAME VALUE, continue)",
            param_hint=hint,
        )


def _is_typed(context: typer.Context, name: str) -> bool:
    """Whether an option is given on the command line."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
