# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one web process takes from outside: sizes, times, and how many at once.

The proxy examples in ``docs/manuale/proxy.md`` say the same numbers; ``tests/config/test_proxy_examples.py`` compares
them. Bytes and seconds throughout. The webhooks' own ceiling is ``ARENGO_JOURNAL_MOST_BYTES``.
"""

from __future__ import annotations

KiB, MiB = 1024, 1024 * 1024

# --- the head of a request ---
HEAD_MOST_BYTES = 32 * KiB  # nginx takes 4 lines of 8 KiB by default
HEAD_WITHIN = 15.0  # from the first byte, or from the connection, to the empty line
PIPELINED_MOST = 16  # requests that wait behind the one being answered

# --- the body of a request ---
ANONYMOUS_MOST_BYTES = 256 * KiB  # sign-in, language, password: forms of a few hundred bytes
SIGNED_IN_MOST_BYTES = (
    2 * MiB
)  # a form of the console; a view that takes files says its own size (core.uploads)
BODY_SILENCE = 30.0  # between two pieces
BODY_SLOWEST = 32 * KiB  # bytes a second, over the whole body
CHUNKED_MOST_TIMES = 8  # bytes around a body for each of its own: the smallest chunk has five
UNWANTED_MOST_BYTES = 4 * MiB  # of a body that goes on after its answer; a webhook's fits
UNWANTED_WITHIN = 15.0  # in which such a body ends
IN_MEMORY_MOST_BYTES = 64 * KiB  # of a body; what is larger waits on the disk
LARGE_AT_ONCE = 8  # bodies above SIGNED_IN_MOST_BYTES that are being received

# --- the answer ---
SEND_SILENCE = 60.0  # in which a reader takes nothing at all

# --- connections ---
IDLE_WITHIN = (
    75  # a proxy keeps its connections for a minute, and must not find one closed that it is about to use
)
IDLE_MOST = 1024  # beyond it the longest idle are closed
CONNECTIONS_MOST = 4096  # beyond it the longest idle makes room; if all are at work the newcomer is refused
ANSWERING_MOST = 16  # requests that Django works on at the same time: one for each database connection; the others wait in order
WAITING_MOST = 1024  # requests that wait for their turn; beyond it 503

# --- public pages, kept in memory (public_memory.py) ---
READERS_ANSWERING_MOST = 2  # of ANSWERING_MOST: who is not in the console never takes the other turns
READERS_WAITING_MOST = 256  # pages that wait to be rendered; beyond it 503
PAGES_MOST_BYTES = (
    64 * MiB
)  # of a process; beyond it the organization that has the most gives up its least read page
PAGE_MOST_BYTES = 8 * MiB  # of one answer; what is larger goes through Django each time, piece by piece
AT_ONCE_MOST_BYTES = (
    64 * KiB
)  # of one answer that is written whole; a larger one goes in pieces, as its reader takes them
PAGE_WITHIN = 30.0  # in which a page is rendered; beyond it who waits for it gets 503
PAGE_KEPT = 60.0  # at the latest then it is rendered anew, whatever was or was not heard
PAGE_FAILED_KEPT = 1.0  # an answer that says that something broke
PAGE_SETTLES = (
    1.0  # after which its date tells it from one that was rendered before; HTTP dates count seconds
)
UNHEARD_KEPT = 1.0  # while the database cannot say what changed
SITES_WITHIN = (
    5.0  # in which a process that starts learns which host is whose; beyond it readers ask Django one by one
)
HEARD_EVERY = 2.0  # the listening connection is asked whether it lives
HEARD_WITHIN = 5.0  # without a sign of life of it all pages are dropped
