"""What `--help` says of a run to start, which depends on the packages that are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperOption

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter


class NewRunCommand(TyperCommand):
    """A command that starts a run; its help names the policies of other packages, too."""

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Explain the options, `--policy` with every name."""
        from recode_core.policy_registry import declared_policies

        others = "".join(f"{name} ({origin}), " for name, origin in declared_policies().items())
        for option in self.params:
            if isinstance(option, TyperOption) and option.name == "policy" and option.help:
                option.help = option.help.replace("or a model by", f"{others}or a model by")
        super().format_options(ctx, formatter)
