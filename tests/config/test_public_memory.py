# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The memory of public pages has a ceiling, and no organization lives at another's expense."""

from __future__ import annotations

import gzip

from arengo.config.serving.public_memory import Answer, Form, Key, Memory, prepare

KIB = 1024
ORGANIZATIONS, POSTS = "core_organization", "channel_post"
EVERY = frozenset({ORGANIZATIONS})


def key(path: str, host: str = "esempio.test") -> Key:
    return Key(host, True, path, "", "it")


def page(size: int = 10 * KIB) -> Answer:
    return Answer(Form(200, [], b"x" * size))


def test_what_was_put_in_is_there_until_its_time() -> None:
    memory, kept = Memory(), page()
    memory.put(key("/"), kept, 1, EVERY, 60.0)
    assert memory.get(key("/"), 59.9) is kept
    assert memory.get(key("/"), 60.0) is None
    assert (len(memory), memory.bytes) == (0, 0)


def test_it_never_holds_more_than_its_ceiling() -> None:
    memory = Memory(100 * KIB)
    for number in range(1000):
        memory.put(key(f"/canale/{number}/"), page(), 1, EVERY, 60.0)
        assert memory.bytes <= 100 * KIB
    assert 0 < len(memory) < 10
    memory.put(key("/enorme"), page(101 * KIB), 1, EVERY, 60.0)
    assert memory.get(key("/enorme"), 0.0) is None


def test_what_nobody_reads_goes_first() -> None:
    memory = Memory(100 * KIB)
    memory.put(key("/"), page(), 1, EVERY, 60.0)
    for number in range(50):
        memory.put(key(f"/canale/{number}/"), page(), 1, EVERY, 60.0)
        assert memory.get(key("/"), 0.0) is not None


def test_a_town_that_fills_the_memory_gives_up_its_own_pages() -> None:
    memory = Memory(200 * KIB)
    memory.put(key("/", "altrove.test"), page(), 2, EVERY, 60.0)
    for number in range(200):
        memory.put(key(f"/canale/{number}/"), page(), 1, EVERY, 60.0)
    assert memory.get(key("/", "altrove.test"), 0.0) is not None


def test_a_thousand_addresses_of_one_answer_take_little() -> None:
    memory, missing = Memory(), page(20 * KIB)
    memory.put(key("/404/"), missing, 1, EVERY, 60.0)
    for number in range(1000):
        memory.put(key(f"/canale/{number}/"), missing, 1, EVERY, 60.0, shared=True)
    assert memory.bytes < 1000 * 5 * KIB


def test_a_change_drops_what_shows_it_and_nothing_else() -> None:
    memory = Memory()
    memory.put(key("/canale/"), page(), 1, EVERY | {POSTS}, 60.0)
    memory.put(key("/regole/"), page(), 1, EVERY, 60.0)
    memory.put(key("/canale/", "altrove.test"), page(), 2, EVERY | {POSTS}, 60.0)
    memory.drop(1, POSTS)
    assert memory.get(key("/canale/"), 0.0) is None
    assert memory.get(key("/regole/"), 0.0) is not None
    assert memory.get(key("/canale/", "altrove.test"), 0.0) is not None
    memory.drop(None, POSTS)
    assert memory.get(key("/canale/", "altrove.test"), 0.0) is None
    memory.clear()
    assert (len(memory), memory.bytes) == (0, 0)


def test_a_text_is_there_plain_and_packed_each_with_its_tag() -> None:
    content = b"Comune di Esempio " * 500
    answer = prepare(200, [(b"Content-Type", b"text/html; charset=utf-8")], content, words=True)
    assert answer.packed is not None
    assert gzip.decompress(answer.packed.body) == answer.plain.body == content
    plain, packed = dict(answer.plain.headers), dict(answer.packed.headers)
    assert plain[b"vary"] == packed[b"vary"] == b"Cookie, Accept-Encoding"
    assert plain[b"etag"] != packed[b"etag"]
    assert {plain[b"etag"], packed[b"etag"]} == answer.tags
    assert int(packed[b"content-length"]) == len(answer.packed.body)


def test_a_picture_is_not_packed_and_says_nothing_of_cookies() -> None:
    answer = prepare(200, [(b"content-type", b"image/jpeg"), (b"vary", b"Cookie")], b"x" * 5000, words=False)
    assert answer.packed is None
    assert b"vary" not in dict(answer.plain.headers)


def test_who_has_it_already_is_told_by_the_tag_of_what_they_have() -> None:
    headers = [
        (b"content-type", b"text/html"),
        (b"cache-control", b"public, max-age=0"),
        (b"x-frame-options", b"DENY"),
    ]
    answer = prepare(200, headers, b"x" * 5000, words=True)
    assert answer.packed is not None
    for form in (answer.plain, answer.packed):
        assert form.unchanged is not None
        told = dict(form.unchanged.headers)
        assert (form.unchanged.status, form.unchanged.body) == (304, b"")
        assert told[b"etag"] == dict(form.headers)[b"etag"]
        assert told[b"cache-control"] == b"public, max-age=0"
        assert told[b"x-frame-options"] == b"DENY"
        assert b"content-length" not in told
