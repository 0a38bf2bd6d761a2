"""What `recode debug --help` says of the language of its scripts, from the tables of the debugger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_tui.cli.new_run_help import NewRunCommand

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

_WORDS = (
    (
        "NODE",
        "A place on a branch, as `where` and the other commands print it: 0 is the root, 0.2 its third "
        "statement, 0.2.0 the first statement of the code that 0.2 was expanded into. 0.2@2 is the second "
        "expansion of 0.2 (after a repair, or asked again), 0.2@2.0 its first statement. 0.3#1.0 is the "
        "first placeholder inside the loop 0.3, in its pass 1.",
    ),
    ("RECORD", "The number of a record, as `[main] record 41` prints it."),
    ("PATTERN", "A glob that fits the whole text (* and ?), or a /regular expression/ found anywhere in it."),
    (
        "EXPR",
        "Python. A bare name is a variable of the run, event.x a field of the record at the cursor, "
        "episode.x one of score, steps, calls, tokens, cost_usd, outcome and solved.",
    ),
    ("after N", "Skip the first N times, and stop from then on."),
    ("log, once", "Say so and go on; stop one time only."),
    ("<<END", "The text of the lines that follow, up to a line END. Any word can stand for END."),
    (
        "branches",
        "A change in the past starts a branch, named after its command: edit-1, retry-2. Candidates and "
        "the continuations that blame tries stay as branches too: candidate-1, probe-1.",
    ),
)


class DebugCommand(NewRunCommand):
    """`recode debug`, with the language of its scripts explained under its options."""

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Explain the words, the commands and the breakpoints."""
        from recode_core.debugger.breakpoints import KINDS  # slow to import
        from recode_core.debugger.commands import COMMANDS

        with formatter.section("In a script, a command a line, # before a comment"):
            formatter.write_dl([(command.usage, command.help) for command in COMMANDS.values()])
        with formatter.section("The words in them"):
            formatter.write_dl(_WORDS)
        with formatter.section("KIND of a breakpoint, and its PATTERN"):
            formatter.write_dl([(name, kind.pattern or "nothing") for name, kind in KINDS.items()])
