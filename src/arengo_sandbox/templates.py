# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Message templates of the account: kept by id, found by name and language."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from arengo_sandbox.errors import GraphError, template_error
from arengo_sandbox.storage import Storage

TEMPLATES_LIMIT = 6000
CREATIONS_AN_HOUR = 100
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
NAME_BLOCKED_SECONDS = 30 * 86400
CHECKED = 512


class Template(msgspec.Struct, kw_only=True):
    """One template in one language. `components` are as they were created."""

    id: str
    name: str
    language: str
    category: str
    status: str
    components: list[dict[str, Any]]
    parameter_format: str = "POSITIONAL"
    rejected_reason: str = "NONE"
    created: float = 0.0
    message_send_ttl_seconds: int | None = None
    quality: str = "UNKNOWN"

    def component(self, kind: str) -> dict[str, Any] | None:
        for part in self.components:
            if part["type"] == kind:
                return part
        return None

    def shown(self) -> dict[str, Any]:
        """All fields of the template node."""
        shown: dict[str, Any] = {
            "name": self.name,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "rejected_reason": self.rejected_reason,
            "quality_score": {"score": self.quality, "date": int(self.created)},
            "id": self.id,
        }
        if self.message_send_ttl_seconds is not None:
            shown["message_send_ttl_seconds"] = self.message_send_ttl_seconds
        return shown


HELLO_WORLD = Template(
    id="100000000000901",
    name="hello_world",
    language="en_US",
    category="UTILITY",
    status="APPROVED",
    components=[
        {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
        {
            "type": "BODY",
            "text": "Welcome and congratulations!! This message shows that the account can send templates.",
        },
        {"type": "FOOTER", "text": "Arengo sandbox"},
    ],
)


class Templates:
    """Creation, edit, deletion and look-up; the outcome of a review is set from outside."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, Template] = {}
        self._by_name: dict[tuple[str, str], Template] = {}
        self._created: list[float] = []
        self._deleted_names: dict[str, float] = {}
        self._last_id = 0
        # Sends that were checked against the templates as they are now, by their bytes.
        self.checked: dict[bytes, object] = {}

    def load(self) -> None:
        for template in self._storage.load("template", Template):
            self._index(template)
        for name, until in self._storage.load("deleted_name", tuple[str, float]):
            self._deleted_names[name] = until
        if not self._known:
            self._index(HELLO_WORLD)

    def all(self) -> list[Template]:
        """Newest first, as Meta lists them."""
        return sorted(self._known.values(), key=lambda template: int(template.id), reverse=True)

    def by_id(self, template_id: str) -> Template | None:
        return self._known.get(template_id)

    def find(self, name: str, language: str) -> Template | None:
        return self._by_name.get((name, language))

    def create(self, template: Template) -> None:
        now = time.time()
        self._created = [at for at in self._created if at > now - 3600]
        if len(self._created) >= CREATIONS_AN_HOUR:
            raise GraphError(80007, "At most 100 templates can be created in one hour.")
        if len(self._known) >= TEMPLATES_LIMIT:
            raise template_error(2388019, f"The account has its {TEMPLATES_LIMIT} templates already.")
        if (template.name, template.language) in self._by_name:
            raise template_error(
                2388024, f"There is already {template.language} content for the template {template.name}."
            )
        if self._deleted_names.get(template.name, 0.0) > now:
            raise template_error(2388023, "The name of a deleted template cannot be used again for 30 days.")
        self._created.append(now)
        self._last_id = max(self._last_id + 1, int(now * 1000) * 1000)
        template.id = str(self._last_id)
        template.created = now
        self._index(template)
        self.keep(template)

    def remember(self, send: bytes, content: object) -> None:
        """This send fits its template; true until any template changes."""
        if len(self.checked) >= CHECKED:
            self.checked.clear()
        self.checked[send] = content

    def keep(self, template: Template) -> None:
        self.checked.clear()
        self._storage.put("template", template.id, template)

    def delete(self, name: str, template_id: str | None = None) -> None:
        """By name in all languages, or one language by its id as well."""
        doomed = [
            template
            for template in self._known.values()
            if template.name == name and template_id in (None, template.id)
        ]
        if not doomed:
            raise GraphError(100, "Message template does not exist.", http=400, subcode=2593002)
        self.checked.clear()
        for template in doomed:
            if template.status == "APPROVED" and template_id is None:
                self._deleted_names[name] = time.time() + NAME_BLOCKED_SECONDS
                self._storage.put("deleted_name", name, (name, self._deleted_names[name]))
            del self._known[template.id]
            del self._by_name[template.name, template.language]
            self._storage.drop("template", template.id)

    def allow_name(self, name: str) -> None:
        """Lift the thirty days for a deleted name, which no test can wait out."""
        if self._deleted_names.pop(name, None) is not None:
            self._storage.drop("deleted_name", name)

    def _index(self, template: Template) -> None:
        self._known[template.id] = template
        self._by_name[template.name, template.language] = template
