"""The commands of `recode`, and the text of `recode --help`.

A command's module is imported when the command runs or its help is shown: the others would take longer to
import than most commands take to run.
"""

from __future__ import annotations

COMMANDS = {
    "demo": "Mend a run that has failed, with a tour; needs no model.",
    "run": "Run a task to its end and record it.",
    "debug": "Debug a new run, paused at its start, or a session.",
    "batch": "Run many tasks, several at once, and record each.",
    "report": "Compare recorded runs by task, agent and model.",
    "tasks": "List the tasks of an environment, or all environments.",
    "sessions": "List saved sessions, newest first.",
    "show": "Print the tree of a session, its result and branches.",
    "replay": "Open a recording read-only, or execute it again to check it.",
    "serve": "Show the app in a browser on this machine.",
    "dap": "Serve editors that speak the Debug Adapter Protocol.",
    "mcp": "Serve agents that speak the Model Context Protocol.",
    "export": "Write a session for other tools, or as training data.",
    "doctor": "Print what is installed, what is missing and how to get it.",
    "config": "Open config.toml in $EDITOR: theme, keys, layout, models.",
    "import": "Import session files, or runs of the published ReCode code.",
    "prompts": "Show the prompts sent to a model, or write them to a folder.",
}
"""Each command with its line in `recode --help`."""

_HELP = """\
Usage: recode [OPTIONS] COMMAND [ARGS]...

  Run, record and replay ReCode agents. Without a command: the list of sessions.

Options:
  --version             Print the version.
  --read-only           Alone or before replay, show or sessions: only look.
                        Nothing is run, written or deleted.
  --install-completion  Install completion for the current shell.
  --show-completion     Show completion for the current shell, to copy it or
                        customize the installation.
  -h, --help            Show this message and exit.

Commands (recode COMMAND --help explains one):
"""


def help_text() -> str:
    """The text of `recode --help`, in at most 80 columns."""
    return _HELP + "\n".join(f"  {name:<8}  {summary}" for name, summary in COMMANDS.items())
