# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator types so that a number can talk to its provider. Each platform has a form of its own, of this kind.

Secrets are written, never shown. They are those of one origin: where the address changes they are asked for again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from django import forms
from django.utils.translation import gettext as _

from arengo.platforms import provider_values
from arengo.platforms.contract.credentials import Credentials
from arengo.platforms.origins import origin


def secret_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ProviderForm(forms.Form):
    """A platform's folder declares the fields, named as those of ``Credentials``, and ``rate``: messages a second.

    ``base_url`` is one of them. ``fixed``: what of the credentials nobody types. ``before``: the present ones, if any.
    """

    secrets: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[Mapping[str, str]] = {}
    intro: ClassVar[Any] = ""  # who gives these data, above the form
    tier_help: ClassVar[Any] = ""  # beside the people a day, where the platform counts them

    def __init__(self, *args: Any, before: Credentials | None, **kwargs: Any) -> None:
        self.before = before
        if before is not None:
            hidden = (*self.secrets, "origin")
            shown = {k: value for k, value in msgspec.structs.asdict(before).items() if k not in hidden}
            kwargs["initial"] = {**shown, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in self.secrets:
            self.fields[name].required = before is None

    def clean_base_url(self) -> str:
        return provider_values.base_url(self.cleaned_data["base_url"])

    def clean_token(self) -> str:
        return provider_values.token(self.cleaned_data["token"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        moved = self.before is not None and self._origin(cleaned) != self.before.origin
        for name in self.secrets:
            if moved:
                self.fields[name].required = True
                self.fields[name].help_text = _("Non viene mai mostrato.")
            if moved and not cleaned.get(name) and name not in self.errors:
                words = _(
                    "L’indirizzo del fornitore è cambiato e il segreto salvato vale per quello di prima: inserire quello di %(host)s."
                )
                wanted_again = words % {"host": urlsplit(cleaned["base_url"]).hostname}
                self.add_error(name, wanted_again)
            kept = getattr(self.before, name) if self.before and not moved else ""
            cleaned[name] = cleaned.get(name) or kept
        return cleaned

    def _origin(self, cleaned: dict[str, Any]) -> str:
        """That of the address typed; of one that has an error already, the present one: nothing is saved anyway."""
        if "base_url" in cleaned:
            return origin(cleaned["base_url"])
        return self.before.origin if self.before else ""

    def credentials(self) -> Credentials:
        """Of a valid form. The origin is left out: the secrets are those of this address, kept from it or typed for it."""
        given = {**self.fixed, **self.cleaned_data}
        return Credentials(
            **{name: given[name] for name in Credentials.__struct_fields__ if name != "origin"}
        )
