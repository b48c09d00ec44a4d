# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lint`: Arengo talks to other machines by one door only. Exit code 1 with a list of what goes past it.

- Sessions are made by ``platforms/connections.py`` (public addresses only, times, no proxy, no cookies).
- Requests are made and answers read by ``platforms/answers.py`` (a ceiling after decompression).
- A token enters a request by ``platforms/authorizing.py`` (only to the origin for which it was entered).
- No other library that makes requests, and no naked connection. The sandbox is the outside world itself.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "arengo"
_SANDBOX = "sandbox"
# Libraries and calls that reach another machine, and who may use them all the same.
_LIBRARIES = {
    "urllib.request": (),
    "urllib3": (),
    "requests": (),
    "httpx": (),
    "http.client": ("cli/running.py", "cli/sample.py"),  # to Arengo's own processes on this machine
    "ftplib": (),
    "pycurl": (),
    "websockets": (),
}
_CONNECTIONS = "platforms/connections.py"
_ANSWERS = "platforms/answers.py"
_AUTHORIZING = "platforms/authorizing.py"
_MAKERS = {
    "ClientSession",
    "TCPConnector",
    "UnixConnector",
    "BaseConnector",
    "ThreadedResolver",
    "AsyncResolver",
    "DefaultResolver",
}
_NAKED = {"create_connection", "open_connection", "open_unix_connection", "urlopen", "urlretrieve"}
_METHODS = {"request", "get", "post", "put", "patch", "delete", "head", "options", "ws_connect"}
_READING = {
    "read", "text", "json", "content", "iter_any", "iter_chunked", "iter_chunks", "iter_lines", "readany",
    "readexactly", "readline", "readuntil", "read_nowait",
}  # fmt: skip
_TOKEN_READERS = (_AUTHORIZING, "platforms/wording.py", "platforms/contract.py")


def violations(source: str, name: str) -> Iterator[tuple[int, str]]:
    """Line and reason of each. ``name``: the file below ``src/arengo``."""
    tree = ast.parse(source)
    speaks_http = any(
        library == "aiohttp" or library.startswith("aiohttp.") for _line, library in _imports(tree)
    )
    for line, library in _imports(tree):
        for banned, may in _LIBRARIES.items():
            if (library == banned or library.startswith(f"{banned}.")) and name not in may:
                yield line, f"{banned}: requests are made by platforms/answers.py"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _calls(node, name, speaks_http)
        elif isinstance(node, ast.Attribute):
            if (
                node.attr in ("token", "auth_prefix")
                and _is_credentials(node.value)
                and name not in _TOKEN_READERS
            ):
                yield node.lineno, "a sender's token: platforms/authorizing.py puts it into requests"
        elif isinstance(node, (ast.AsyncWith, ast.With, ast.Assign)):
            yield from _answers(node, name)


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield node.lineno, each.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            for each in node.names:
                yield node.lineno, f"{node.module}.{each.name}"


def _calls(node: ast.Call, name: str, speaks_http: bool) -> Iterator[tuple[int, str]]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in _MAKERS and name != _CONNECTIONS:
        yield node.lineno, f"{called}(): sessions are made by platforms/connections.py"
    if called in _NAKED:
        yield node.lineno, f"{called}(): connections are made by platforms/connections.py"
    on_aiohttp = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "aiohttp"
    if called == "request" and on_aiohttp:
        yield node.lineno, "aiohttp.request(): requests are made by platforms/answers.py"
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    if (
        speaks_http
        and called in _METHODS
        and receiver is not None
        and _is_session(receiver)
        and name != _ANSWERS
    ):
        yield node.lineno, f".{called}(): requests are made by platforms/answers.py"


def _answers(node: ast.AsyncWith | ast.With | ast.Assign, name: str) -> Iterator[tuple[int, str]]:
    """What is read of a name that stands for the answer of a request."""
    if name == _ANSWERS:
        return
    bound: set[str] = set()
    if isinstance(node, ast.Assign):
        if _is_request(node.value):
            bound = {each.id for each in node.targets if isinstance(each, ast.Name)}
            yield from ((node.lineno, "an answer: it is read by platforms/answers.py") for _each in bound)
        return
    for item in node.items:
        if _is_request(item.context_expr) and isinstance(item.optional_vars, ast.Name):
            bound.add(item.optional_vars.id)
    for inner in ast.walk(node):
        if (
            isinstance(inner, ast.Attribute)
            and inner.attr in _READING
            and getattr(inner.value, "id", "") in bound
        ):
            yield inner.lineno, f".{inner.attr} of an answer: it is read by platforms/answers.py"


def _is_request(value: ast.expr) -> bool:
    call = value.value if isinstance(value, ast.Await) else value
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in _METHODS
        and _is_session(call.func.value)
    )


def _is_session(value: ast.expr) -> bool:
    """A name that this house, or anybody, gives to a session."""
    called = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return called.strip("_").lower() in {"http", "session", "client", "web", "client_session", "http_session"}


def _is_credentials(value: ast.expr) -> bool:
    called = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return "credentials" in called.lower()


def main() -> int:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(f"{_SANDBOX}/"):
            found += [
                f"{path.relative_to(ROOT)}:{line}: {why}" for line, why in violations(path.read_text(), name)
            ]
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
