# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stranger's wrong passwords lock out strangers; counters are shared by all processes and tell nobody anything."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as chosen
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from arengo.core import attempts, ceilings
from arengo.core.attempts import TooManyAttempts, allowed, attempt, forget_old, take_back
from arengo.core.ceilings import SIGN_IN_FROM_DEVICE, SIGN_IN_FROM_NETWORK, SIGN_IN_TO_ACCOUNT, Ceiling
from arengo.core.models import Attempt, Person

LOGIN = "/console/accesso/login/"
RESET = "/console/accesso/password/reset/"
RIGHT = "una password lunga"
THREE = Ceiling("test", 3, timedelta(minutes=5))
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manuale" / "gestione.md"

Browse = Callable[..., Client]


def sign_in(
    client: Client, password: str, *, login: str = "olga@esempio.test", address: str = "198.51.100.7"
) -> Any:
    return client.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)


def addresses(count: int) -> list[str]:
    return [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(count)]


def lock(browse: Browse, login: str = "olga@esempio.test") -> None:
    """Wrong passwords from more addresses than one account takes."""
    for address in addresses(SIGN_IN_TO_ACCOUNT.times + 2):
        sign_in(browse(), "sbagliata", login=login, address=address)


def test_wrong_passwords_from_anywhere_do_not_lock_out_a_known_device(olga: Person, browse: Browse) -> None:
    hers = browse()
    assert sign_in(hers, RIGHT).status_code == 302
    hers.post("/console/accesso/logout/")  # the mark outlives signing out
    lock(browse)
    assert sign_in(browse(), RIGHT, address="192.0.2.1").status_code == 429
    assert sign_in(hers, RIGHT).status_code == 302


def test_wrong_passwords_for_one_do_not_lock_out_the_others(
    olga: Person, alice: Person, browse: Browse
) -> None:
    lock(browse)
    assert sign_in(browse(), RIGHT, login=alice.email, address="192.0.2.1").status_code == 302


def test_one_networks_attempts_are_counted_whatever_the_account(olga: Person, browse: Browse) -> None:
    answers = [
        sign_in(browse(), "sbagliata", login=f"nobody{number}@esempio.test").status_code
        for number in range(SIGN_IN_FROM_NETWORK.times + 1)
    ]
    assert set(answers[:-1]) == {200}
    assert answers[-1] == 429
    assert sign_in(browse(), RIGHT, address="192.0.2.1").status_code == 302


def test_behind_a_trusted_proxy_each_client_is_counted_by_itself(
    olga: Person, browse: Browse, settings: Settings
) -> None:
    settings.ARENGO_TRUSTED_PROXY = "127.0.0.1"
    for number in range(SIGN_IN_FROM_NETWORK.times + 1):
        client = browse()
        client.post(
            LOGIN,
            {"login": f"nobody{number}@esempio.test", "password": "sbagliata"},
            REMOTE_ADDR="127.0.0.1",
            headers={"x-forwarded-for": f"10.9.8.{number}, 203.0.113.5"},  # whatever the client wrote first
        )
    after = {"login": olga.email, "password": RIGHT}
    stranger = browse().post(
        LOGIN, after, REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "203.0.113.5"}
    )
    colleague = browse().post(
        LOGIN, after, REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "198.51.100.7"}
    )
    assert (stranger.status_code, colleague.status_code) == (429, 302)


def test_a_lock_does_not_tell_whether_the_account_exists(olga: Person, browse: Browse) -> None:
    def reported(login: str) -> list[tuple[int, str]]:
        answers = [
            sign_in(browse(), "sbagliata", login=login, address=address)
            for address in addresses(SIGN_IN_TO_ACCOUNT.times + 1)
        ]
        pages = [answer.content.decode().replace(login, "") for answer in answers]
        words = [
            re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="\w+"|\d\d:\d\d', "", page)
            for page in pages
        ]
        return [(answer.status_code, text) for answer, text in zip(answers, words, strict=True)]

    known, unknown = reported("olga@esempio.test"), reported("nessuno@esempio.test")
    assert known == unknown
    assert known[-1][0] == 429


@pytest.mark.parametrize("login", ["OLGA@esempio.test", " olga@esempio.test ", "Olga@Esempio.Test"])
def test_another_way_to_write_the_account_is_no_other_account(
    olga: Person, browse: Browse, login: str
) -> None:
    lock(browse)
    assert sign_in(browse(), RIGHT, login=login, address="192.0.2.1").status_code == 429


def test_a_known_device_has_a_ceiling_of_its_own_and_the_others_keep_theirs(
    olga: Person, browse: Browse
) -> None:
    hers = browse()
    sign_in(hers, RIGHT)
    hers.post("/console/accesso/logout/")
    answers = [sign_in(hers, "sbagliata").status_code for _ in range(SIGN_IN_FROM_DEVICE.times + 1)]
    assert (answers[-2], answers[-1]) == (200, 429)
    assert sign_in(browse(), RIGHT).status_code == 302


def test_a_device_is_known_for_its_own_person_alone(olga: Person, alice: Person, browse: Browse) -> None:
    hers = browse()
    sign_in(hers, RIGHT)
    hers.post("/console/accesso/logout/")
    lock(browse, alice.email)
    assert sign_in(hers, RIGHT, login=alice.email, address="192.0.2.1").status_code == 429


def test_a_shared_computer_is_known_for_each_of_them(olga: Person, alice: Person, browse: Browse) -> None:
    shared = browse()
    for person in (olga, alice):
        sign_in(shared, RIGHT, login=person.email)
        shared.post("/console/accesso/logout/")
    for person in (olga, alice):
        lock(browse, person.email)
        assert sign_in(shared, RIGHT, login=person.email).status_code == 302
        shared.post("/console/accesso/logout/")


def test_a_new_password_ends_what_a_device_was_known_for(olga: Person, browse: Browse) -> None:
    hers = browse()
    sign_in(hers, RIGHT)
    hers.post("/console/accesso/logout/")
    olga.set_password("un'altra frase inventata ieri")
    olga.save()
    lock(browse)
    assert sign_in(hers, "un'altra frase inventata ieri", address="192.0.2.1").status_code == 429


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: "x" + text, lambda text: text.replace("~", "")]
)
def test_a_forged_mark_is_worth_nothing(olga: Person, browse: Browse, change: Callable[[str], str]) -> None:
    hers = browse()
    sign_in(hers, RIGHT)
    given = hers.cookies[chosen.DEVICE_COOKIE_NAME].value
    forger = browse()
    forger.cookies[chosen.DEVICE_COOKIE_NAME] = change(given) if change(given) != given else given + "~"
    lock(browse)
    assert sign_in(forger, RIGHT, address="192.0.2.1").status_code == 429


def test_the_mark_names_nobody_and_no_script_reads_it(olga: Person, browse: Browse) -> None:
    hers = browse()
    sign_in(hers, RIGHT)
    cookie = hers.cookies[chosen.DEVICE_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "olga" not in cookie.value
    assert str(olga.pk) not in re.split(r"[.~:]", cookie.value)


def test_a_locked_owner_gets_in_by_the_link_in_their_mail(olga: Person, browse: Browse) -> None:
    lock(browse)
    new = browse()
    assert "Password dimenticata" in sign_in(new, RIGHT, address="192.0.2.1").content.decode()
    new.post(RESET, {"email": olga.email}, REMOTE_ADDR="192.0.2.1")
    link = next(word for word in str(mail.outbox[0].body).split() if "/password/reset/key/" in word)
    page = new.get(re.sub(r"^https?://[^/]+", "", link), follow=True)
    word = "cinque anatre gialle in fila"
    new.post(page.request["PATH_INFO"], {"password1": word, "password2": word})
    assert sign_in(new, word, address="192.0.2.1").status_code == 302


def test_strangers_cannot_use_up_the_owners_way_back(olga: Person, browse: Browse) -> None:
    pages = {
        browse().post(RESET, {"email": olga.email}, REMOTE_ADDR=address).status_code
        for address in addresses(12)
    }
    assert pages == {302}  # who asks is told the same each time
    assert len(mail.outbox) == ceilings.MAIL_TO_ADDRESS.times
    link = next(word for word in str(mail.outbox[0].body).split() if "/password/reset/key/" in word)
    assert (
        "Scegli una password nuova"
        in browse().get(re.sub(r"^https?://[^/]+", "", link), follow=True).content.decode()
    )


def test_the_second_factor_is_guessed_a_few_times_only(olga: Person, browse: Browse) -> None:
    TOTP.activate(olga, "JBSWY3DPEHPK3PXP")
    answers = []
    for number, address in enumerate(addresses(ceilings.CODE_OF_PERSON.times + 1)):
        client = browse()
        sign_in(client, RIGHT, address=address)
        code = {"code": f"{number:06d}"}
        answers.append(
            client.post("/console/accesso/2fa/authenticate/", code, REMOTE_ADDR=address).status_code
        )
    assert (answers[0], answers[-1]) == (200, 429)


def test_who_is_signed_in_may_not_guess_their_password(olga: Person, browse: Browse) -> None:
    client = browse(olga)
    answers = [
        client.post(
            "/console/accesso/password/change/",
            {"oldpassword": f"{number}", "password1": "x", "password2": "x"},
        )
        for number in range(12)
    ]
    assert answers[-1].status_code == 429


def test_every_form_without_signing_in_is_counted(
    olga: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "ANONYMOUS_POST", THREE)
    answers = [browse().post("/lingua/", {"language": "en"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert browse().get("/").status_code == 200
    assert browse(olga).post("/lingua/", {"language": "en"}).status_code == 302


def test_the_page_says_until_when_and_what_to_do(olga: Person, browse: Browse) -> None:
    lock(browse)
    answer = sign_in(browse(), RIGHT, address="192.0.2.1")
    assert re.search(r"si può riprovare dalle \d\d:\d\d", answer.content.decode())
    assert 0 < int(answer["Retry-After"]) <= SIGN_IN_TO_ACCOUNT.within.total_seconds()


def test_a_password_of_any_length_is_answered_without_hashing_it(
    olga: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode", lambda *given: hashed.append("x") or ""
    )
    assert sign_in(browse(), "a" * 100_000).status_code == 200
    assert hashed == []


@pytest.mark.django_db
def test_attempts_beyond_the_ceiling_are_refused_until_the_window_ends() -> None:
    for _ in range(3):
        attempt(THREE, "somebody")
    with pytest.raises(TooManyAttempts) as refused:
        attempt(THREE, "somebody")
    with pytest.raises(TooManyAttempts) as again:
        attempt(THREE, "somebody")
    assert again.value.until == refused.value.until  # trying on does not make it longer
    assert allowed(THREE, "somebody else")
    Attempt.objects.update(until="2026-01-01T00:00:00Z")
    assert allowed(THREE, "somebody")


@pytest.mark.django_db
def test_success_is_taken_back() -> None:
    for _ in range(10):
        attempt(THREE, "somebody")
        take_back(THREE, "somebody")


@pytest.mark.django_db(transaction=True)
def test_simultaneous_attempts_are_all_counted() -> None:
    passed: list[bool] = []

    def try_it() -> None:
        try:
            passed.append(allowed(THREE, "somebody"))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed, reverse=True) == [True] * 3 + [False] * 9


def test_no_address_and_no_account_stands_in_the_table(olga: Person, browse: Browse) -> None:
    lock(browse)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(key, 'escape') || coalesce(value::text, '') FROM core_attempt")
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert len(rows) > 100
    assert "203.0." not in rows
    assert "olga" not in rows


@pytest.mark.django_db
def test_old_counters_are_forgotten_in_steps_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_attempt (key, count, until) SELECT decode(md5(n::text), 'hex'), 1,"
            " now() - interval '1 minute' FROM generate_series(1, 50) AS n"
        )
    attempt(THREE, "somebody")
    monkeypatch.setattr(attempts, "_CHUNK", 10)
    monkeypatch.setattr(attempts, "_MOST_FORGOTTEN", 30)
    assert forget_old() == 30
    assert forget_old() == 20
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_allauths_own_counters_are_in_the_same_table() -> None:
    assert cache.add("allauth:rl:login:ip:203.0.113.5", [1.5], 60)
    assert not cache.add("allauth:rl:login:ip:203.0.113.5", [2.5], 60)
    assert cache.get("allauth:rl:login:ip:203.0.113.5") == [1.5]
    cache.set("allauth:rl:login:ip:203.0.113.5", [3.5], 60)
    assert cache.touch("allauth:rl:login:ip:203.0.113.5", 90)
    assert Attempt.objects.get().value == [3.5]
    assert cache.delete("allauth:rl:login:ip:203.0.113.5")
    cache.set("x", 1, 0)
    assert cache.get("x", "gone") == "gone"


def test_the_manual_tells_the_ceilings() -> None:
    reported = MANUAL.read_text()
    for ceiling in vars(ceilings).values():
        if isinstance(ceiling, Ceiling):
            minutes = int(ceiling.within.total_seconds() // 60)
            assert f"| {ceiling.times} in {minutes} minuti |" in reported, ceiling.kind
