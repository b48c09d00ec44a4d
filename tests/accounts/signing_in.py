# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a person of these tests signs in, is invited, and opens what arrives."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client

from tests.factories.core import HOST, PASSWORD

ENTRANCE = "/console/accesso/"
NEW = "cavallo pila corretto graffetta"


def sign_in(email: str, password: str = PASSWORD, host: str = HOST) -> Client:
    """A browser in which somebody typed an address and a password."""
    client = Client(headers={"host": host})
    client.post(f"{ENTRANCE}login/", {"login": email, "password": password})
    return client


def is_in(client: Client) -> bool:
    """Whether this browser may use the console of its host."""
    return client.get("/console/", follow=True).status_code == 200 and "_auth_user_id" in client.session


def confirmed(client: Client, password: str = PASSWORD) -> Client:
    """The same browser, after the password was typed once more."""
    client.post(f"{ENTRANCE}reauthenticate/", {"password": password})
    return client


def invite(by: Client, email: str, *roles: str, name: str = "Futura Sindaca") -> Any:
    data = {"name": name, "email": email, "roles": list(roles) or ["administrator"]}
    return by.post("/console/impostazioni/personale/", data)


def link_in(text: str) -> str:
    """The path of the link in a mail or on a page."""
    found = re.search(r"https?://[^/\s]+(/console/accesso/[^\s<\"]+)", text)
    assert found, text
    return found.group(1)


def mailed_link(to: str) -> str:
    return link_in(next(str(letter.body) for letter in reversed(mail.outbox) if letter.to == [to]))


def set_up(client: Client, password: str = NEW, name: str = "Futura Sindaca") -> Any:
    return client.post(f"{ENTRANCE}invito/", {"name": name, "password1": password, "password2": password})
