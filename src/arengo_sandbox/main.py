# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Start the sandbox: `python -m arengo_sandbox`, or `run(...)` from another program."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop
from aiohttp import web

from arengo_sandbox.account import Account, account_from, data_folder
from arengo_sandbox.app import build_app
from arengo_sandbox.world import World

DEFAULT_PORT = 8001
# Requests still open when it ends; the whole stop must fit in two seconds.
CLOSING_SECONDS = 0.5


def run(
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    data: Path | None = None,
    account: Account | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit code; what went wrong is one line on standard error."""
    try:
        return uvloop.run(_serve(host, port, data, account or account_from()))
    except (OSError, sqlite3.Error, ValueError) as problem:
        print(f"sandbox: {_explained(problem, host, port, data)}", file=sys.stderr)
        return 1


_LONGEST_CLEANUP = 5.0  # seconds


async def _serve(host: str, port: int, data: Path | None, account: Account) -> int:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(name, ending.set)
    runner = web.AppRunner(
        build_app(World(account, data)),
        access_log=None,
        handle_signals=False,
        shutdown_timeout=CLOSING_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
        print(f"sandbox: ready at http://{host}:{port} (phones: http://{host}:{port}/phones/)", flush=True)
        await ending.wait()
    finally:
        # A connection that was cut off on purpose may never be counted as closed: what is kept is saved by then.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS + _LONGEST_CLEANUP):
                await runner.cleanup()
    return 0


def _explained(problem: Exception, host: str, port: int, data: Path | None) -> str:
    if isinstance(problem, OSError) and "address already in use" in str(problem).lower():
        return f"port {port} on {host} is taken; choose another with SANDBOX_PORT or --port"
    if isinstance(problem, sqlite3.Error | PermissionError | FileExistsError | NotADirectoryError):
        return f"the data folder {data} cannot be used: {problem}"
    return str(problem)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m arengo_sandbox",
        description="A local WhatsApp Graph API with phones, for demos and tests.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=os.environ.get("SANDBOX_PORT") or str(DEFAULT_PORT))
    parser.add_argument(
        "--data", type=Path, default=data_folder(), help="folder to keep state in (default: memory)"
    )
    chosen = parser.parse_args(arguments)
    return run(chosen.host, chosen.port, chosen.data)
