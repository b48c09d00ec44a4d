# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lint`: Arengo talks to other machines by one door only. Exit code 1 with a list of what goes past it.

- Sessions are made by ``platforms/connections.py`` (public addresses only, times, no proxy, no cookies).
- Requests are made and answers read by ``platforms/answers.py`` (a ceiling after decompression).
- A token enters a request by ``platforms/authorizing.py`` (only to the origin for which it was entered).
- No other library that makes requests, and no naked connection. The sandbox (``src/arengo_sandbox``) is the outside world itself.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "arengo"
# Libraries and calls that reach another machine, and who may use them all the same.
_LIBRARIES = {
    "urllib.request": (),
    "urllib3": (),
    "requests": (),
    "httpx": (),
    "http.client": ("cli/running.py", "cli/sample_phones.py"),  # to Arengo's own processes on this machine
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
_TOKEN_READERS = (_AUTHORIZING, "platforms/wording.py", "platforms/contract/credentials.py")


class _File:
    """One file as it is read: what its names stand for."""

    def __init__(self, source: str, name: str) -> None:
        self.name = name
        self.tree = ast.parse(source)
        self.imports = list(_imports(self.tree))
        self.speaks_http = any(library.split(".")[0] == "aiohttp" for _line, library in self.imports)
        self.makers = {
            each.asname or each.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for each in node.names
            if each.name in _MAKERS
        } | _MAKERS
        # Names that this house, or anybody, gives to a session; and those that are annotated as one.
        self.sessions = {"http", "session", "client", "web", "client_session", "http_session"} | {
            _called(node.target) if isinstance(node, ast.AnnAssign) else node.arg
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.arg, ast.AnnAssign))
            and node.annotation is not None
            and "ClientSession" in ast.unparse(node.annotation)
        }

    def violations(self) -> Iterator[tuple[int, str]]:
        for line, library in self.imports:
            for banned, may in _LIBRARIES.items():
                if (library == banned or library.startswith(f"{banned}.")) and self.name not in may:
                    yield line, f"{banned}: requests are made by platforms/answers.py"
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield from self._calls(node)
            elif isinstance(node, ast.ClassDef):
                if self.name != _CONNECTIONS and any(_called(base) in self.makers for base in node.bases):
                    yield node.lineno, "sessions are made by platforms/connections.py"
            elif isinstance(node, ast.Attribute):
                of_sender = "credentials" in _called(node.value).lower()
                if node.attr in ("token", "auth_prefix") and of_sender and self.name not in _TOKEN_READERS:
                    yield node.lineno, "a sender's token: platforms/authorizing.py puts it into requests"
            elif isinstance(node, (ast.AsyncWith, ast.With)) and self.name != _ANSWERS:
                yield from self._read(node)

    def _calls(self, node: ast.Call) -> Iterator[tuple[int, str]]:
        called = _called(node.func)
        if called in self.makers and self.name != _CONNECTIONS:
            yield node.lineno, f"{called}(): sessions are made by platforms/connections.py"
        if called in _NAKED:
            yield node.lineno, f"{called}(): connections are made by platforms/connections.py"
        if not isinstance(node.func, ast.Attribute) or self.name == _ANSWERS:
            return
        if (called == "request" and _called(node.func.value) == "aiohttp") or (
            self.speaks_http and self._is_request(node)
        ):
            yield node.lineno, f".{called}(): requests are made by platforms/answers.py"

    def _read(self, node: ast.AsyncWith | ast.With) -> Iterator[tuple[int, str]]:
        """What is read of a name that stands for the answer of a request."""
        bound = {
            item.optional_vars.id
            for item in node.items
            if self._is_request(item.context_expr) and isinstance(item.optional_vars, ast.Name)
        }
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and inner.attr in _READING and _called(inner.value) in bound:
                yield inner.lineno, f".{inner.attr} of an answer: it is read by platforms/answers.py"

    def _is_request(self, value: ast.expr) -> bool:
        call = value.value if isinstance(value, ast.Await) else value
        return (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in _METHODS
            and _called(call.func.value).lstrip("_").lower()
            in {name.lstrip("_").lower() for name in self.sessions}
        )


def violations(source: str, name: str) -> list[tuple[int, str]]:
    """Line and reason of each. ``name``: the file below ``src/arengo``."""
    return list(_File(source, name).violations())


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield node.lineno, each.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            for each in node.names:
                yield node.lineno, f"{node.module}.{each.name}"


def _called(value: ast.expr) -> str:
    """The last word of a name: ``_http`` of ``self._http``."""
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")


def main() -> int:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        found += [
            f"{path.relative_to(ROOT)}:{line}: {why}" for line, why in violations(path.read_text(), name)
        ]
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
