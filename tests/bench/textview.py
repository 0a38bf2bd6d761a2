"""What a text view costs: opening, moving the mark of the current line, scrolling, growing.

Times are of the UI thread's processor, from the call until the screen has been drawn.

    python tests/bench/textview.py [REPEATS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable

from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from recode_tui.themes import DARK
from recode_tui.widgets.highlight import Highlighted
from recode_tui.widgets.text_view import Document, TextView

PROSE = "You arrive at drawer 2. The drawer 2 is closed. On the desk you see a soap bar. "


class Bench(App[None]):
    """A text view and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield TextView()


def code(lines: int) -> str:
    """A long expansion."""
    return "\n".join(f"obs_{n} = run(f'go to {{location}} {n}')  # look" for n in range(lines))


async def timed(pilot: Pilot[None], work: Callable[[int], None], repeats: int) -> str:
    """Median and worst, in milliseconds, of doing it and drawing it."""
    times = []
    for turn in range(repeats):
        await pilot.pause()
        start = time.thread_time()
        work(turn)
        await pilot.pause()
        times.append((time.thread_time() - start) * 1000)
    return f"{statistics.median(times):8.2f} ms, at most {max(times):8.2f}"


async def idle(pilot: Pilot[None], repeats: int) -> str:
    """What waiting for a frame takes by itself."""
    return await timed(pilot, lambda turn: None, repeats)


async def main(repeats: int) -> None:
    app = Bench()
    async with app.run_test(size=(120, 40)) as pilot:
        view = app.query_one(TextView)

        def page(turn: int) -> None:
            view.action_page(1 if turn % 40 < 20 else -1)

        def grow(turn: int) -> None:
            view.append("ten tokens that have just arrived now ")

        print(f"a frame in which nothing happens          {await idle(pilot, repeats)}")
        for count in (500, 5_000, 50_000):

            def show(turn: int, text: str = code(count)) -> None:
                view.show(Document(Highlighted(text), numbered_from=0))

            print(f"{count:>7,} lines of code opened           {await timed(pilot, show, 5)}")
            document = Document(Highlighted(code(count)), numbered_from=0)
            view.show(document)

            def mark(turn: int, document: Document = document) -> None:
                view.show(replace(document, current=10 + turn % 20))

            print(f"                current line moved        {await timed(pilot, mark, repeats)}")
            print(f"                a page further            {await timed(pilot, page, repeats)}")
        view.wrap = True
        for size in (10_000, 1_000_000):
            prose = PROSE * (size // len(PROSE))

            def read(turn: int, text: str = prose) -> None:
                view.show(Document.of(text))

            print(f"{size:>9,} characters of prose opened     {await timed(pilot, read, 5)}")
        for size in (1_000, 100_000, 1_000_000):
            view.show(Document.of("\n".join(["a line of output"] * (size // 17))))
            grown = await timed(
                pilot, lambda n: view.append("ten tokens that have just arrived now "), repeats
            )
            print(f"{size:>9,} characters and some more       {grown}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
