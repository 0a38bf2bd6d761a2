"""`recode show`."""

from __future__ import annotations

from typing import Annotated

import typer

from recode_tui.cli import options


def show(
    file: options.SessionFile,
    branch: Annotated[str | None, typer.Option(help="A branch, in place of the current one.")] = None,
) -> None:
    """Print the tree of a session, its result, and its branches if it has several."""
    from recode_core.debugger.render import branches
    from recode_core.result import result_of
    from recode_core.session import read
    from recode_core.tokens import prompt_tokens
    from recode_tui.cli.output import console, print_notice, result_line, tokens_line
    from recode_tui.text import one_line, plain
    from recode_tui.tree_text import outline

    session = read(file)
    print_notice(session.notice)
    timeline = session.timeline(branch)
    settings, log = session.header.settings, session.log()
    out = console()
    named = (settings.environment, settings.task, settings.agent, settings.policy, settings.model)
    protocol = f"protocol {settings.protocol.name}" if settings.protocol else ""
    prompts = settings.prompts
    prompt_set = f"prompts {prompts.name} ({prompts.digest})" if prompts is not None else ""
    about = (*named, protocol, prompt_set, session.header.created)
    out.print(" · ".join(one_line(text, 200) for text in dict.fromkeys(about) if text))
    if session.header.imported:
        out.print(one_line(f"imported from {session.header.imported}: actions and tokens are unknown", 500))
    out.print(one_line(timeline.end.instruction, 500))
    if len(log.branches) > 1:
        for line in branches(log, branch or log.branch):
            out.print(plain(line))
    out.print(outline(timeline.end))
    if not session.header.imported:
        out.print(tokens_line(prompt_tokens(log, timeline.records)))
    out.print(result_line(result_of(timeline)))
