"""Help of commands that start a run: installed policies, and the command language of `recode debug`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperOption

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter


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
        from recode_core.debugger.commands.help import TERMS

        with formatter.section("In a script, a command a line, # before a comment"):
            formatter.write_dl([(command.usage, command.help) for command in COMMANDS.values()])
        with formatter.section("The words in them"):
            formatter.write_dl(list(TERMS.items()))
        with formatter.section("KIND of a breakpoint, and its PATTERN"):
            formatter.write_dl([(name, kind.pattern or "nothing") for name, kind in KINDS.items()])


HELP = {"run": NewRunCommand, "batch": NewRunCommand, "debug": DebugCommand}
"""The commands that say more than their options in their help."""
