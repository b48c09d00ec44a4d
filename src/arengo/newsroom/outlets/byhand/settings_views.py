# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Canale WhatsApp: the address of the organization's channel there."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from arengo.channel.models import Channel
from arengo.core import audit
from arengo.core.access import FORM, organization_of, person_of
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.models import Organization, Person
from arengo.core.screens import Screen
from arengo.newsroom.outlets.byhand import tasks
from arengo.newsroom.outlets.byhand.forms import ChannelForm


@dataclass(frozen=True)
class WhatsAppChannelPage(Screen):
    """``waiting``: how many updates wait to be put there. ``url``: as it is kept, "" where there is none."""

    waiting: int
    url: str


@setting(methods=FORM)
def whatsapp_channel(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(posted(request), initial={"whatsapp_url": tasks.channel_url()})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            set_channel(organization_of(request), form.cleaned_data["whatsapp_url"], by=person_of(request))
            messages.success(request, _("Indirizzo salvato."))
            return redirect("settings:whatsapp_channel")
        status = 422
    page = WhatsAppChannelPage(tasks.waiting_count(), tasks.channel_url())
    return show(request, "newsroom/byhand/settings.html", page, form=form, status=status)


def set_channel(organization: Organization, url: str, *, by: Person) -> None:
    with transaction.atomic():
        channel, _made = Channel.objects.get_or_create(
            organization=organization, defaults={"title": organization.name}
        )
        if channel.whatsapp_url == url:
            return
        channel.whatsapp_url = url
        channel.save(update_fields=["whatsapp_url"])
        audit.record("newsroom.set_whatsapp_channel", organization=organization, by=by)
