# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No exception's words reach a log: they quote what somebody wrote, an address, a number.

What is written instead is the exception's class and where it was raised, of the whole chain and of groups; of errors of
the database also PostgreSQL's code (``database_errors``). That holds
for every logger (Django's, uvicorn's, asyncio's, procrastinate's …), for ``exc_info``, for exceptions given as
arguments, for warnings, and for what Python itself prints about exceptions that nobody caught.
"""

from __future__ import annotations

import asyncio
import copy
import errno
import logging
import logging.config
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from arengo.core import database_errors

_MOST_ERRORS = 20  # of a chain or group
_MOST_FRAMES = 25  # of one exception, the innermost
_SHORTEST = 4  # characters: shorter words of an exception say nothing and occur everywhere
_SECRET = re.compile(r"[\w-]{20,}")  # in an address: a token


def describe(error: BaseException) -> str:
    """The classes of an exception and of what led to it, each with its places in the code; no words, no values."""
    lines: list[str] = []
    for each in _chain(error):
        lines.append(_name(each))
        frames = list(traceback.walk_tb(each.__traceback__))[-_MOST_FRAMES:]
        lines += [f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_name}" for frame, line in frames]
    return "\n".join(lines)


def named(error: BaseException) -> str:
    """For a line of ours: the class and, of errors of the database and the system, why. ``OperationalError [connection refused]``."""
    why = database_errors.reason(error)
    if not why and isinstance(error, OSError) and error.errno is not None:
        why = errno.errorcode.get(error.errno, "")
    return f"{type(error).__qualname__} [{why}]" if why else type(error).__qualname__


def _name(error: BaseException) -> str:
    module = type(error).__module__
    return named(error) if module == "builtins" else f"{module}.{named(error)}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes and contexts, and the members of groups; each once, a bounded number."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_ERRORS:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        waiting += [other for other in (each.__cause__, each.__context__) if other is not None]


class Formatter(logging.Formatter):
    """Formats a record without the words of any exception that it carries or that is being handled."""

    def format(self, record: logging.LogRecord) -> str:
        safe = copy.copy(record)
        safe.msg, safe.args = _message(record), None
        safe.exc_info = safe.exc_text = safe.stack_info = None
        text = super().format(safe)
        error = _carried(record)
        return f"{text}\n{describe(error)}" if error is not None else text


def _carried(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def _message(record: logging.LogRecord) -> str:
    wanted, given = _wordless(record.msg), record.args
    try:
        if isinstance(given, dict):
            text = str(wanted) % {name: _wordless(value) for name, value in given.items()}
        else:
            text = str(wanted) % tuple(_wordless(value) for value in given) if given else str(wanted)
    except Exception:  # noqa: BLE001  # a line that cannot be put together must not bring down who wrote it
        text = "A line of the log could not be put together."
    if record.name == "asyncio":
        text = re.split(r"[\n(<]", text, maxsplit=1)[
            0
        ]  # what follows is the repr of a task, a future or arguments
    elif record.name == "py.warnings":
        text = ":".join(text.split("\n", 1)[0].split(":")[:3])  # file:line: category
    elif record.name.startswith("django."):
        text = _SECRET.sub("…", text)
    for error in (_carried(record), sys.exc_info()[1]):
        text = _without_words(text, error) if error is not None else text
    return text


def _wordless(value: object) -> object:
    """The value, with its class in place of what would print an exception."""
    if isinstance(value, BaseException):
        return _name(value)
    if isinstance(value, asyncio.Future | TracebackType):
        return type(value).__name__
    if isinstance(value, dict):
        return {name: _wordless(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_wordless(inner) for inner in value]
    return value


def _without_words(text: str, error: BaseException) -> str:
    """The text without what the exception, or one that led to it, says of itself."""
    for each in _chain(error):
        said: set[str] = set()
        for said_of in (str, repr):
            try:
                said.add(said_of(each))
            except Exception:  # noqa: BLE001, S112  # an exception that cannot say anything is not in the text
                continue
        said |= {argument for argument in each.args if isinstance(argument, str)}
        said |= {line.strip() for words in said for line in words.splitlines()}
        for words in sorted(said, key=len, reverse=True):
            if len(words) >= _SHORTEST:
                text = text.replace(words, _name(each))
    return text


class Handler(logging.StreamHandler[Any]):
    """To stderr. A line that cannot be written is not printed with its arguments, as logging would."""

    def handleError(self, record: logging.LogRecord) -> None:  # logging's name
        error = sys.exc_info()[1]
        _print(f"A line of the log of {record.name} could not be written ({_name(error) if error else '?'}).")


def configure(config: dict[str, Any]) -> None:
    """Django's ``LOGGING_CONFIG``: every process that sets Django up logs like this."""
    logging.config.dictConfig(config)
    logging.captureWarnings(True)
    install_hooks()


def install_hooks() -> None:
    """What Python prints of exceptions that nobody caught, or that a handler of logs other than ours formats."""
    traceback.print_exception = _printed  # multiprocessing and logging call it
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _printed(error: Any, value: Any = None, *_trace: Any, file: Any = None, **_more: Any) -> None:
    """In place of ``traceback.print_exception(exc)`` and ``(type, value, tb, limit, file)``."""
    found = value if isinstance(value, BaseException) else error
    target = file or next((each for each in _trace if hasattr(each, "write")), None) or sys.stderr
    if target is not None and isinstance(found, BaseException):
        target.write(f"{describe(found)}\n")


def _uncaught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _print(f"Nobody caught:\n{describe(error)}")


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
        name = given.thread.name if given.thread else "?"
        _print(f"Nobody caught in thread {name}:\n{describe(given.exc_value)}")


def _unraisable(given: sys.UnraisableHookArgs) -> None:
    if given.exc_value is not None:
        _print(f"Could not be raised:\n{describe(given.exc_value)}")


def _print(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
