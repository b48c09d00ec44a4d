# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How large a request's body may be. The web process asks before it receives one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "arengo_body_most_bytes"
REFUSED = "arengo.refused"  # the key of the request's ASGI scope under which a BodyRefused stands


@dataclass(frozen=True)
class BodyRefused(Exception):
    """413 too large (``most_bytes`` says how much would do) · 408 too slow · 503 too many at once."""

    status: int
    most_bytes: int = 0


def accepts_body(most_bytes: int) -> Callable[[View], View]:
    """Decorates a view of the console that takes files: signed-in members may send it so many bytes in one request.

    Without it a signed-in person may send what a form needs, and anybody else less
    (``config.serving.limits``). The order of decorators does not matter: all of ours keep a view's attributes.
    """

    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, most_bytes)
        return view

    return decorate


def body_most_bytes(view: Callable[..., Any], otherwise: int) -> int:
    """What ``accepts_body`` said of the view, else ``otherwise``."""
    return int(getattr(view, _ATTRIBUTE, otherwise))
