# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which language somebody reads.

On public pages: the browser's cookie, else the organization's language. In the console: what the person chose for
themselves, else the same. Browsers' guesses (``Accept-Language``) do not count.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from arengo.core.console_address import CONSOLE
from arengo.core.models import Organization, Person


def known(code: str) -> str:
    """The code of a language that Arengo speaks; "" for any other."""
    return code if code in dict(settings.LANGUAGES) else ""


def of_cookie(request: HttpRequest) -> str:
    return known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def of_organization(organization: Organization | None) -> str:
    """Of what it says by itself, and of its public pages where nobody chose another."""
    return (known(organization.language) if organization else "") or str(settings.LANGUAGE_CODE)


def of_request(request: HttpRequest, organization: Organization | None) -> str:
    person = request.user if request.path.startswith(CONSOLE) else None
    own = known(person.language) if isinstance(person, Person) else ""
    return own or of_cookie(request) or of_organization(organization)
