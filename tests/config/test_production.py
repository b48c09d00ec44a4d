# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of production, in a process of their own: its cookies, its mail, its links."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as chosen
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from pytest_django import Settings

from arengo.core.models import Organization, Person
from arengo.core.vault import new_key
from tests.cli.commands import ROOT, arengo, environment, not_root

EVERYWHERE = "0.0.0.0"  # noqa: S104  # nothing listens there: the start is refused, or only looked at
pytestmark = pytest.mark.django_db(transaction=True)

# What a browser gets on its way through the console, over https behind a trusted proxy.
_VISIT = """
import json, django
django.setup()
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
from django.test import Client
client = Client(headers={"host": "esempio.test", "x-forwarded-proto": "https"})
login = {"login": "olga@esempio.test", "password": "una password lunga"}
answers = [
    client.get("/"), client.get("/console/accesso/login/"), client.post("/lingua/", {"language": "en"}),
    client.post("/console/accesso/login/", {**login, "password": "x"}), client.post("/console/accesso/login/", login),
    client.get("/console/", follow=True), client.post("/console/accesso/password/reset/", {"email": login["login"]}),
    client.post("/console/accesso/logout/"),
    client.post("/console/accesso/password/reset/", {"email": login["login"]}),
]
cookies = [morsel.OutputString() for answer in answers for morsel in answer.cookies.values()]
print(json.dumps({"statuses": [answer.status_code for answer in answers], "cookies": cookies}))
"""


def _settings(data: Path) -> dict[str, str]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={quote(str(database['HOST']), safe='')}"
    given = {
        "ARENGO_ENV": "production",
        "ARENGO_PUBLIC_URL": "https://esempio.test",
        "ARENGO_SECRET_KEY": secrets.token_urlsafe(50),
        # The second one opened the test database's lookup keys.
        "ARENGO_VAULT_KEYS": f"{new_key('k1')},{chosen.ARENGO_VAULT_KEYS}",
        "ARENGO_TRUSTED_PROXY": "127.0.0.1",
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "arengo.config.settings",
    }
    return environment(data, **given)


@pytest.fixture
def visit(olga: Person, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    # The stored hash is of the tests' own hasher; production has another.
    olga.password = PBKDF2PasswordHasher().encode("una password lunga", "salt", iterations=1_000)
    olga.save()
    return subprocess.run(
        [sys.executable, "-c", _VISIT],
        cwd=ROOT,
        env=_settings(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )


def test_every_cookie_belongs_to_this_very_host_and_no_script_reads_one(
    visit: subprocess.CompletedProcess[str],
) -> None:
    seen = json.loads(visit.stdout)
    assert seen["statuses"] == [200, 200, 302, 200, 302, 200, 302, 302, 302]
    names = {cookie.partition("=")[0] for cookie in seen["cookies"]}
    assert names == {
        f"__Host-{name}" for name in ("sessionid", "csrftoken", "arengo_language", "arengo_device")
    }
    for cookie in seen["cookies"]:
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert "path=/" in attributes, cookie
        assert not [attribute for attribute in attributes if attribute.startswith("domain")]
        if "max-age=0" not in attributes:  # one that is taken away
            assert {"secure", "httponly", "samesite=lax"} <= attributes, cookie


def test_without_a_mail_server_no_mail_is_printed(visit: subprocess.CompletedProcess[str]) -> None:
    printed = visit.stdout + visit.stderr
    assert "password/reset/key" not in printed
    assert "olga@" not in printed
    assert printed.count("Mail is not set up") == 1


def test_the_reset_page_says_that_mail_is_not_set_up(esempio: Organization, settings: Settings) -> None:
    page = Client(headers={"host": "esempio.test"})
    assert "non manda posta" not in page.get("/console/accesso/password/reset/").content.decode()
    settings.EMAIL_LEAVES = False
    assert "non manda posta" in page.get("/console/accesso/password/reset/").content.decode()


COMMANDS = ("up", "web", "worker", "migrate", "status", "demo", "sandbox", "doctor")


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        *((command, {"ARENGO_ENV": "Production"}) for command in COMMANDS),
        ("up", {"ARENGO_PORT": "eighty"}),
        ("web", {"ARENGO_TRUSTED_PROXY": "maybe"}),
    ],
    ids=str,
)
def test_an_unknown_value_stops_every_command_in_one_line(
    tmp_path: Path, command: str, wrong: dict[str, str]
) -> None:
    done = arengo(tmp_path / "data", command, **wrong)
    assert done.returncode != 0
    [name] = wrong
    [line] = [line for line in (done.stdout + done.stderr).splitlines() if name in line]
    assert wrong[name] in line
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_server_that_is_started_without_our_command_line_is_stopped_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [*not_root(tmp_path), sys.executable, "-c", "import arengo.config.asgi"],
        env={**_settings(tmp_path), "ARENGO_ENV": "Production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "ARENGO_ENV" in done.stderr.splitlines()[-1]


def test_what_is_open_to_other_machines_must_be_production(tmp_path: Path) -> None:
    for command in ("up", "web"):
        done = arengo(tmp_path / "data", command, ARENGO_BIND=EVERYWHERE)
        assert done.returncode != 0
        assert "ARENGO_BIND" in done.stderr


def test_a_typing_error_is_told_in_development(tmp_path: Path) -> None:
    done = arengo(tmp_path / "data", "doctor", "--new-vault-key", ARENGO_VAULT_KEY="x")
    assert done.returncode == 0
    done = arengo(tmp_path / "data", "web", ARENGO_BIND=EVERYWHERE, ARENGO_VAULT_KEY="x")
    assert "attenzione: ARENGO_VAULT_KEY non esiste: forse è ARENGO_VAULT_KEYS" in done.stderr


def test_mail_is_not_waited_for_long() -> None:
    assert 0 < chosen.EMAIL_TIMEOUT <= 30
