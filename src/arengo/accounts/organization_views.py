# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ente: how the organization presents itself."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.images import (
    ACCEPT,
    PictureBusy,
    PictureRefused,
    Rendition,
    must_be_seen_whole,
    open_picture,
)
from arengo.core.models import Organization
from arengo.core.uploads import accepts_body

_HEAVIEST = 2 * 1024 * 1024  # bytes
LOGO_BODY_MOST_BYTES = 8 * 1024 * 1024  # what is somewhat heavier than _HEAVIEST gets the field's own words
_KEPT = Rendition(side=512, most_bytes=2 * 1024 * 1024, form="PNG")


def _field(field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    if isinstance(field, models.URLField):
        kwargs["assume_scheme"] = "https"
    return field.formfield(**kwargs)


class LanguageField(forms.ChoiceField):
    """Left out, it stays as it is."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data) and super().has_changed(initial, data)


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    logo = forms.FileField(
        label=gettext_lazy("Stemma"),
        required=False,
        help_text=gettext_lazy(
            "PNG, JPEG, WebP o HEIC, fino a 2 MB. Compare in testa al sito e alla console."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    language = LanguageField(
        label=gettext_lazy("Lingua"),
        choices=settings.LANGUAGES,
        required=False,
        help_text=gettext_lazy(
            "Del sito, finché chi legge non ne sceglie un’altra, e di ciò che Arengo scrive da sé ai cittadini. Chi lavora qui "
            "sceglie la propria dal menu con il suo nome."
        ),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Togli lo stemma"), required=False)

    class Meta:
        model = Organization
        formfield_callback = _field
        fields = (
            "name",
            "tagline",
            "palette",
            "language",
            "website",
            "parent_name",
            "parent_url",
            "desk_hours",
            "phone",
            "email",
            "pec",
            "address",
            "reports_url",
            "dpo_contact",
            "legal_notes",
            "accessibility_url",
        )
        help_texts = {
            "palette": gettext_lazy(
                "I colori del sito e della console. Tutti hanno contrasti leggibili da chiunque."
            ),
            "accessibility_url": gettext_lazy(
                "L’indirizzo della dichiarazione pubblicata su form.agid.gov.it."
            ),
            "legal_notes": gettext_lazy("Compaiono nella pagina «Note legali» del sito."),
            "dpo_contact": gettext_lazy("Compare in fondo all’informativa."),
        }

    field_order = ("name", "tagline", "logo", "remove_logo", "palette", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or str(self.instance.language)

    def clean_logo(self) -> ContentFile[bytes] | None:
        """Decoded and written anew: nothing but the picture is kept, and it is never larger than needed."""
        uploaded = self.cleaned_data.get("logo")
        if not isinstance(uploaded, UploadedFile):
            return None
        if (uploaded.size or 0) > _HEAVIEST:
            raise forms.ValidationError(_("L’immagine pesa più di 2 MB: riducila e riprova."))
        try:
            picture = open_picture(uploaded, _KEPT)
            must_be_seen_whole(picture)
        except (PictureRefused, PictureBusy) as refused:
            raise forms.ValidationError(refused.words) from refused
        return ContentFile(picture.drawn[0].content)

    def save(self, commit: bool = True) -> Organization:
        old, storage = (self.instance.logo.name or ""), self.instance.logo.storage
        new = self.cleaned_data.get("logo")
        organization: Organization = super().save(commit=False)
        if new is not None:
            organization.logo.save(f"{secrets.token_hex(8)}.png", new, save=False)
        elif self.cleaned_data.get("remove_logo"):
            organization.logo = ""
        organization.save()
        if old and old != organization.logo.name:
            storage.delete(old)
        return organization


@accepts_body(LOGO_BODY_MOST_BYTES)
@setting(methods=FORM)
def organization(request: HttpRequest) -> HttpResponse:
    own = Organization.objects.get(
        pk=organization_of(request).pk
    )  # a copy: a refused change must not show in the header
    form = OrganizationForm(
        posted(request), request.FILES if request.method == "POST" else None, instance=own
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        record(request, "core.changed_organization", on=own, changed=sorted(form.changed_data))
        messages.success(request, _("Dati dell’ente salvati."))
        return redirect("settings:organization")
    return show(request, "accounts/settings/organization.html", form=form, status=422 if form.errors else 200)
