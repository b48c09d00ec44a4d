# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator at the console, over HTTP: what is on screen, and which button is there to press."""

from __future__ import annotations

import html
import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from faults.town import EMAIL, PASSWORD, Town

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ACTION = re.compile(r'action="([^"]+)"')
_SENDER = "/console/impostazioni/mittenti/%d/"


class Console:
    """Signed in as the town's administrator, by the form."""

    def __init__(self, town: Town) -> None:
        self._site = f"http://127.0.0.1:{town.web_port}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.press(
            "/console/accesso/login/", self.see("/console/accesso/login/"), login=EMAIL, password=PASSWORD
        )

    def see(self, path: str) -> str:
        """The page's HTML, entities resolved, white space made one."""
        with self._opener.open(self._site + path, timeout=30) as answer:
            return " ".join(html.unescape(answer.read().decode()).split())

    def sender(self, sender_id: int) -> str:
        return self.see(_SENDER % sender_id)

    def resume(self, sender_id: int) -> str:
        """Presses «Riattiva» on the sender's page; the page that follows."""
        page = self.sender(sender_id)
        action = _SENDER % sender_id + "riattiva/"
        if f'action="{action}"' not in page:
            raise LookupError("there is no button to resume the sender")
        return self.press(action, page)

    def actions(self, page: str) -> list[str]:
        """Where the forms of a page lead, each once."""
        return list(dict.fromkeys(_ACTION.findall(page)))

    def press(self, path: str, page: str, **fields: str) -> str:
        token = _TOKEN.search(page)
        if token is None:
            raise LookupError(f"there is no form for {path}")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        wanted = urllib.request.Request(  # noqa: S310 - always http, to our own process
            self._site + path, body, headers={"Referer": self._site + path, "Origin": self._site}
        )
        with self._opener.open(wanted, timeout=30) as answer:
            return " ".join(html.unescape(answer.read().decode()).split())
