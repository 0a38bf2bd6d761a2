"""An app in a process of its own, which a page in a browser draws."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from recode_tui.cli.screen import SERVED_DRIVER

_PATIENCE = 6.0  # seconds from the end of its input; the app ends itself by force after 4


class AppProcess(AppService):
    """Starts the app, and ends it with everything that it has started.

    Each app is in a process group of its own, so that ctrl+c in the terminal of the server does not reach it.
    The end of its input is to the app what the loss of its terminal is.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[object]],
        downloads: DownloadManager,
    ) -> None:
        async def close_page() -> None:
            await close()

        super().__init__(
            "recode",
            write_bytes=write_bytes,
            write_str=write_str,
            close=close_page,
            download_manager=downloads,
        )
        self._argv = argv

    async def stop(self) -> None:
        """End the app and wait until it is gone. Idempotent."""
        process = self._process
        if process is None:
            return
        self.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE)
        except TimeoutError:
            _kill(process)
            await process.wait()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=1.0)  # it prints what the app wrote to stderr
            self._task.cancel()

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return super()._build_environment(width, height) | {"TEXTUAL_DRIVER": SERVED_DRIVER}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._stdin = process.stdin
        return process


def _kill(process: Process) -> None:
    """Kill an app that does not end, with its process group."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
