# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the house rules in a conversation: a warning, and after two of them a block."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core.access import FORM, membership_of, organization_of, person_of, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.blocks import rules as policy, shown, standing, verbs, wording
from arengo.desk.blocks.forms import Given
from arengo.desk.blocks.rules import Rule
from arengo.desk.blocks.shown import Days, Step
from arengo.desk.blocks.standing import WARNINGS, Ladder
from arengo.desk.handling import HandlingRefused, TakenByAnother
from arengo.desk.models import Conversation, Message
from arengo.desk.names import called
from arengo.desk.twice import ColleagueAnswered
from arengo.desk.views import found_conversation
from arengo.desk.window import is_open


@dataclass(frozen=True)
class Offered:
    """A rule that may be chosen, and the warning that the citizen would read."""

    rule: Rule
    text: str


@dataclass(frozen=True)
class HouseRulesPage(Screen):
    """``asks``: what the form asks for: warning, block; "" where a block stands already. ``notice``: what a blocked citizen reads."""

    conversation: Conversation
    citizen: str
    steps: Sequence[Step]
    asks: str
    past: int
    offered: Sequence[Offered]
    choices: Sequence[Message]
    days: Days
    notice: str
    is_ready: bool
    needs_confirmation: bool
    window_open: bool
    administers: bool
    me: str
    ladder: Ladder
    key: str
    last: int
    given: Given
    error: str


@staff(Role.OPERATOR, methods=FORM)
def house_rules(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    if conversation.identity_id is None:
        raise Http404
    rules = policy.in_force()
    given, error, status = Given.of(request, rules), "", 200
    if request.method == "POST":
        try:
            return _act(request, conversation, given, blocks=request.POST.get("step") == "block")
        except (TakenByAnother, ColleagueAnswered) as refused:
            error, status = str(refused), 409
        except HandlingRefused as refused:
            error, status = str(refused), 422
    page = _page(request, conversation, rules, given, error)
    return render_screen(request, "desk_blocks/rules.html", page, status=status)


def _act(request: HttpRequest, conversation: Conversation, given: Given, *, blocks: bool) -> HttpResponse:
    if given.rule is None:
        raise verbs.RuleRefused(_("Scegli la regola che non ha rispettato."))
    by = person_of(request)
    if blocks:
        made = verbs.block(
            conversation,
            rule=given.rule,
            reason=given.reason,
            until=given.until,
            messages=given.messages,
            past=given.past,
            by=by,
            administers=_administers(request),
        )
        if made.is_asked:
            messages.success(
                request, _("Richiesta inviata: il blocco vale quando un amministratore lo conferma.")
            )
        elif made.told_id is None:
            messages.warning(
                request,
                _("Bloccato. Il cittadino non è stato avvisato: adesso non gli si può scrivere."),
            )
        else:
            messages.success(request, _("Bloccato e avvisato. Finisce da solo."))
        return redirect("desk:block", made.pk)
    verbs.warn(
        conversation,
        rule=given.rule,
        messages=given.messages,
        words=given.words or _warning(request, given.rule, given.past + 1),
        past=given.past,
        key=given.key,
        by=by,
        shown=given.shown,
        last=given.last,
    )
    messages.success(request, _("Richiamo inviato. Resta nella conversazione e nel registro."))
    return redirect("desk:conversation", conversation.pk)


def _page(
    request: HttpRequest, conversation: Conversation, rules: Sequence[Rule], given: Given, error: str
) -> HouseRulesPage:
    ladder = Ladder.of(conversation.contact_id)
    past, decided, days = len(ladder.warnings), standing.settings(), Days.from_today()
    asks = "" if ladder.block else "block" if past >= WARNINGS else "warning"
    choices = shown.choices(conversation)
    until = given.until or days.offered[1][0]
    return HouseRulesPage(
        conversation=conversation,
        citizen=called(conversation),
        steps=shown.steps(ladder),
        asks=asks,
        past=past,
        offered=[Offered(rule, _warning(request, rule, past + 1)) for rule in rules],
        choices=choices,
        days=days,
        notice=wording.notice(verbs.end_of(until), decided, organization=conversation.organization)
        if decided.is_ready and asks == "block" and days.first <= until <= days.last
        else "",
        is_ready=decided.is_ready,
        needs_confirmation=decided.confirm and not _administers(request),
        window_open=is_open(conversation) and not conversation.held_by_other,
        administers=_administers(request),
        me=str(person_of(request)),
        ladder=ladder,
        key=given.key or secrets.token_urlsafe(16),
        last=max((message.pk for message in choices), default=0),
        given=given,
        error=error,
    )


def _warning(request: HttpRequest, rule: Rule, number: int) -> str:
    return wording.warning(
        rule,
        number,
        by=person_of(request),
        organization=organization_of(request),
        link=request.build_absolute_uri(reverse("portal:rules")),
    )


def _administers(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and Role.ADMINISTRATOR in membership.roles
