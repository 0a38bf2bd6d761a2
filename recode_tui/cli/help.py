"""Help of commands that start a run: installed policies, and the command language of `recode debug`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperOption

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

_TERMS = (
    (
        "NODE",
        "A place on a branch, as `where` and the other commands print it: 0 is the root, 0.2 its third "
        "statement, 0.2.0 the first statement of the code that 0.2 was expanded into. 0.2@2 is the second "
        "expansion of 0.2 (after a repair, or asked again), 0.2@2.0 its first statement. 0.3#1.0 is the "
        "first placeholder inside the loop 0.3, in its pass 1.",
    ),
    ("RECORD", "The number of a record, as `[main] record 41` prints it."),
    (
        "PATTERN",
        "A glob that matches the whole text (* and ?), or a /regular expression/ found anywhere in it.",
    ),
    (
        "EXPR",
        "Python. A bare name is a variable of the run, event.x a field of the record at the cursor, "
        "episode.x one of score, steps, calls, tokens, cost_usd, outcome and solved.",
    ),
    ("after N", "Ignore the first N hits. With `if`, only stops where EXPR holds are hits."),
    ("log, once", "Print the hit and continue; stop one time only."),
    ("<<END", "The text of the lines that follow, up to a line END. Any word can stand for END."),
    (
        "branches",
        "A change in the past starts a branch, named after its command: edit-1, retry-2. Candidates and "
        "the continuations that blame tries stay as branches too: candidate-1, probe-1.",
    ),
)


class NewRunCommand(TyperCommand):
    """A command that starts a run. Its help names the policies of installed packages."""

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the options, `--policy` with every name."""
        from recode_core.policy_registry import declared_policies

        others = "".join(f"{name} ({origin}), " for name, origin in declared_policies().items())
        for option in self.params:
            if isinstance(option, TyperOption) and option.name == "policy" and option.help:
                option.help = option.help.replace("or a model by", f"{others}or a model by")
        super().format_options(ctx, formatter)


class DebugCommand(NewRunCommand):
    """`recode debug`. Its help explains the command language below the options."""

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands, their terms, and the kinds of breakpoints."""
        from recode_core.debugger.breakpoints import KINDS  # slow to import
        from recode_core.debugger.commands import COMMANDS

        with formatter.section("In a script, a command a line, # before a comment"):
            formatter.write_dl([(command.usage, command.help) for command in COMMANDS.values()])
        with formatter.section("The words in them"):
            formatter.write_dl(_TERMS)
        with formatter.section("KIND of a breakpoint, and its PATTERN"):
            formatter.write_dl([(name, kind.pattern or "nothing") for name, kind in KINDS.items()])
