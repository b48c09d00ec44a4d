# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: LOG004, LOG014, G004
"""A process with the real settings in which an exception that quotes an address goes every way to the log.

Run by test_logs.py: ``python leaking.py <folder>``, once for all ways: each has a fork of its own, whose output is the file of
its name.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import django
from django.db import IntegrityError

ADDRESS = "mario.rossi@esempio.test"
WORDS = f"duplicate key value\nDETAIL:  Key (email)=({ADDRESS}) already exists."
log = logging.getLogger("arengo.test")


def fail() -> NoReturn:
    secret = ADDRESS  # a local variable of the frame
    try:
        raise ValueError(f"invalid: {secret}")
    except ValueError as error:
        raise IntegrityError(WORDS) from error


def caught(then: Callable[[Exception], object]) -> None:
    try:
        fail()
    except IntegrityError as error:
        then(error)


def group() -> None:
    try:
        raise ExceptionGroup(f"of {ADDRESS}", [IntegrityError(WORDS), KeyError(ADDRESS)])
    except ExceptionGroup:
        log.exception("A group.")


async def _task() -> None:
    task = asyncio.ensure_future(_fail_later())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(_callback, ADDRESS)
    await asyncio.sleep(0.01)


async def _fail_later() -> None:
    fail()


def _callback(_address: str) -> None:
    fail()


def request() -> None:
    """Django's own report of a view that failed."""
    from django.core.handlers.exception import response_for_exception
    from django.test import RequestFactory

    caught(lambda error: response_for_exception(RequestFactory().get("/pagina/"), error))


def uvicorn_error() -> None:
    """As the server configures its logs, before it imports the application."""
    import uvicorn

    async def application(scope: Any, receive: Any, send: Any) -> None:
        fail()

    config = uvicorn.Config(application, port=0, log_level="warning", lifespan="off")
    from django.conf import settings

    from arengo.core import logs

    logs.configure(settings.LOGGING)  # the application's import, which comes after
    server = uvicorn.Server(config)

    async def serve() -> None:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        server.should_exit = True
        await serving

    asyncio.run(serve())


def unraisable() -> None:
    class Ends:
        def __del__(self) -> None:
            fail()

    Ends()
    gc.collect()


def foreign_handler() -> None:
    other = logging.getLogger("foreign")
    other.addHandler(logging.StreamHandler())
    other.propagate = False
    caught(lambda error: other.exception("A library's own handler."))


def child_process() -> None:
    import multiprocessing

    child = multiprocessing.get_context("fork").Process(target=fail)
    child.start()
    child.join()


def thread() -> None:
    running = threading.Thread(target=fail)
    running.start()
    running.join()


WAYS: dict[str, Callable[[], object]] = {
    "exception": lambda: caught(lambda error: log.exception("It failed.")),
    "exc_info": lambda: caught(lambda error: log.error("It failed.", exc_info=True)),
    "exc_info_given": lambda: caught(lambda error: log.error("It failed.", exc_info=error)),
    "stack_info": lambda: caught(lambda error: log.error("It failed.", exc_info=True, stack_info=True)),
    "argument": lambda: caught(lambda error: log.error("It failed: %s", error)),
    "repr": lambda: caught(lambda error: log.error("It failed: %r", error)),
    "inside": lambda: caught(lambda error: log.error("It failed: %s", {"why": [error]})),
    "named": lambda: caught(lambda error: log.error("It failed: %(why)s", {"why": error})),
    "message": lambda: caught(lambda error: log.error(error)),
    "f_string": lambda: caught(lambda error: log.error(f"It failed: {error}")),  # on purpose
    "str": lambda: caught(lambda error: log.error("It failed: %s", str(error))),
    "cause": lambda: caught(lambda error: log.error("It failed: %s", str(error.__cause__))),
    "unformattable": lambda: caught(lambda error: log.error("It failed: %d", ADDRESS)),
    "group": group,
    "task": lambda: asyncio.run(_task()),
    "thread": thread,
    "uncaught": fail,
    "unraisable": unraisable,
    "warning": lambda: warnings.warn(f"odd: {ADDRESS}", stacklevel=1),
    "request": request,
    "uvicorn": uvicorn_error,
    "foreign_handler": foreign_handler,
    "child_process": child_process,
}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "arengo.config.settings"
    django.setup()
    gc.freeze()  # a fork that ends does not look through all that it was given
    for way, go in WAYS.items():
        if not os.fork():
            written = os.open(Path(sys.argv[1]) / way, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(written, 1)
            os.dup2(written, 2)
            go()
            break  # and end as any process does
        os.wait()
