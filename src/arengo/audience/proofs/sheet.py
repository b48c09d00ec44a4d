# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof of one consent, as the page and the PDF show it: the same words in both.

It says who, by their number where they show one, when, and by which way; what was written on both sides; which texts were
in force and which were shown, whole; and why one can trust the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import people
from arengo.audience.basis import Basis
from arengo.audience.basis_words import WORDS
from arengo.audience.models import Consent, Identity, Policy
from arengo.audience.proofs.models import Told
from arengo.audience.ways import Way
from arengo.core.clean_text import isolated
from arengo.core.models import Membership, Organization
from arengo.delivery.models import Delivery, DeliveryState, Sender

_TITLES = {
    Consent.Action.GIVEN: gettext_lazy("Prova dell’iscrizione agli avvisi"),
    Consent.Action.WITHDRAWN: gettext_lazy("Prova della cancellazione dagli avvisi"),
    Consent.Action.CONFIRMED: gettext_lazy("Prova dell’accettazione di una nuova versione"),
    Consent.Action.WISHED: gettext_lazy("Prova di una richiesta di iscrizione, da confermare"),
}
WHAT = {
    Consent.Action.GIVEN: gettext_lazy("Iscrizione"),
    Consent.Action.WITHDRAWN: gettext_lazy("Cancellazione"),
    Consent.Action.CONFIRMED: gettext_lazy("Accettazione di una nuova versione"),
    Consent.Action.WISHED: gettext_lazy("Richiesta di iscrizione, da confermare"),
}
_OUTSIDE = (Consent.Action.CONFIRMED, Consent.Action.WISHED)  # the list does not change by them


@dataclass(frozen=True)
class Quote:
    """``note``: when, who, and how it went."""

    note: str
    text: str


@dataclass(frozen=True)
class Fact:
    name: str
    words: str


@dataclass(frozen=True)
class Annex:
    title: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """``letterhead``: the organization's name, then how it is reached, a line each."""

    letterhead: Sequence[str]
    title: str
    sentence: str
    quotes: Sequence[Quote]
    facts: Sequence[Fact]
    trust: Sequence[str]
    printed: str
    annexes: Sequence[Annex]


def found(pk: int) -> Consent | None:
    """With all that a sheet needs of it."""
    one: Consent | None = (
        Consent.objects.select_related("policy", "rules", "by", "identity__contact", "key")
        .filter(pk=pk)
        .first()
    )
    return one


def sheet(consent: Consent, organization: Organization, membership: Membership | None) -> Sheet:
    """Some six queries. The number is whole for who may see it, else masked; who shows none has it nowhere."""
    wish = found(consent.confirms_id) if consent.confirms_id else None
    told, wished = _told(consent), _told(wish) if wish is not None else []
    sender = Sender.objects.filter(pk=consent.sender_id).only("display_phone", "platform").first()
    texts = [
        consent.policy,
        consent.rules,
        *(t for each in [*wished, *told] for t in (each.policy, each.rules)),
    ]
    annexed = list({text.pk: text for text in texts if text is not None}.values())
    return Sheet(
        letterhead=_letterhead(organization, sender),
        title=str(_TITLES[Consent.Action(consent.action)]),
        sentence=_sentence(consent, organization, membership),
        quotes=[*(_quotes(wish, wished) if wish is not None else ()), *_quotes(consent, told)],
        facts=_facts(consent, membership, sender, [*wished, *told], annexed),
        trust=[
            _(
                "È la registrazione n. %(number)d, e il registro si può solo accrescere: "
                "la banca dati rifiuta di cambiare o togliere una riga."
            )
            % {"number": consent.pk},
            _(
                "Chi è la persona, il suo messaggio e la risposta sono cifrati con una chiave che è solo sua: eliminare i suoi dati la "
                "distrugge, e la riga resta senza nome."
            ),
        ],
        printed=_moment(timezone.now()),
        annexes=[
            Annex(
                _("Allegato %(letter)s. %(title)s") % {"letter": _letter(place), "title": _version(text)},
                text.text,
            )
            for place, text in enumerate(annexed)
        ],
    )


def _told(consent: Consent) -> list[Told]:
    rows = Told.objects.filter(consent=consent).select_related("key", "policy", "rules")
    return list(rows.order_by("at", "pk"))


def _quotes(consent: Consent, told: Sequence[Told]) -> list[Quote]:
    """What was asked, said and answered, in this order."""
    return [
        *_written(told, consent, before=True),
        *_said(consent),
        *_written(told, consent, before=False),
    ]


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return _("%(day)s alle %(clock)s") % {
        "day": date_format(local, "l j F Y").lower(),
        "clock": date_format(local, "G:i:s"),
    }


def _clock(at: datetime) -> str:
    return str(date_format(timezone.localtime(at), "j F Y, G:i:s")).lower()


def _letterhead(organization: Organization, sender: Sender | None) -> list[str]:
    number = f"{sender.words.name} {sender.display_phone}" if sender and sender.display_phone else ""
    reached = " · ".join(filter(None, (organization.pec or organization.email, number)))
    return [line for line in (organization.name, organization.address, reached) if line]


def _taken_off(consent: Consent) -> bool:
    """The organization ended it, not the person."""
    ours = (Consent.Source.IMPORT, Consent.Source.RULE)
    return consent.action == Consent.Action.WITHDRAWN and consent.source in ours


def _phone(identity: Identity, membership: Membership | None) -> str:
    whole = people.may_see_numbers(membership)
    return people.shown_phone(identity) if whole else people.masked_phone(identity)


def _who(identity: Identity | None, membership: Membership | None) -> str:
    if identity is None:
        return _("una persona, i cui dati sono stati eliminati,")
    if phone := _phone(identity, membership):
        return _("chi usa il numero %(number)s") % {"number": isolated(phone)}
    return _("chi scrive da %(platform)s come %(name)s, con il numero nascosto,") % {
        "platform": identity.words.name,
        "name": isolated(people.display_name(identity)),
    }


def _sentence(consent: Consent, organization: Organization, membership: Membership | None) -> str:
    if _taken_off(consent):
        words = _("%(when)s %(name)s ha tolto dalla lista dei suoi avvisi %(who)s.")
    elif consent.action == Consent.Action.CONFIRMED:
        words = _(
            "%(when)s %(who)s, già nella lista degli avvisi dell’ente %(name)s, ha accettato la nuova versione."
        )
        return _filled(words, consent, organization, membership)
    elif consent.action == Consent.Action.WISHED:
        words = _(
            "%(when)s %(who)s ha chiesto di ricevere gli avvisi dell’ente %(name)s. "
            "Da sola la richiesta non iscrive: serve la conferma."
        )
        return _filled(words, consent, organization, membership)
    elif consent.action == Consent.Action.GIVEN:
        words = _("%(when)s %(who)s ha chiesto di ricevere gli avvisi dell’ente %(name)s.")
    else:
        words = _("%(when)s %(who)s ha chiesto di non ricevere più gli avvisi dell’ente %(name)s.")
    said = _filled(words, consent, organization, membership)
    if consent.effective or consent.elsewhere:
        return said
    return " ".join((said, _("Non ha cambiato nulla: si veda «Effetto», fra i fatti.")))


def _filled(words: str, consent: Consent, organization: Organization, membership: Membership | None) -> str:
    who = _who(consent.identity, membership)
    if _taken_off(consent) or consent.action == Consent.Action.CONFIRMED:
        who = who.rstrip(",")
    moment = _moment(consent.at)
    return words % {
        "when": moment[:1].upper() + moment[1:],
        "who": who,
        "name": isolated(organization.name),
    }


def _said(consent: Consent) -> list[Quote]:
    if not consent.text:
        return []
    who = _("la persona") if consent.way != Way.IMPORT and not _taken_off(consent) else _("l’ente")
    return [Quote(f"{_clock(consent.at)} · {who}", consent.text)]


def _written(told: Sequence[Told], consent: Consent, *, before: bool) -> list[Quote]:
    """What the organization asked before the person spoke, or answered after it: by our own clock."""
    rows = [each for each in told if each.text and (each.at < consent.recorded_at) == before]
    deliveries = Delivery.objects.in_bulk([each.delivery_id for each in rows])
    who = _("l’ente, domanda") if before else _("l’ente, risposta automatica")
    return [
        Quote(
            " · ".join((_clock(each.at), who, _went(each.delivery_id, deliveries.get(each.delivery_id)))),
            each.text,
        )
        for each in rows
    ]


def _went(pk: int, delivery: Delivery | None) -> str:
    if not pk:
        return _("mostrata nella pagina personale")
    if delivery is None:
        return _("l’esito della consegna non si conserva più")
    if delivery.delivered_at:
        return _("consegnata alle %(clock)s") % {
            "clock": date_format(timezone.localtime(delivery.delivered_at), "G:i:s")
        }
    return str(DeliveryState(delivery.state).label)


def _version(text: Policy) -> str:
    day = date_format(timezone.localtime(text.published_at), "j F Y").lower()
    return _("%(kind)s, versione %(version)d (%(day)s)") % {
        "kind": text.get_kind_display(),
        "version": text.version,
        "day": day,
    }


def _facts(
    consent: Consent,
    membership: Membership | None,
    sender: Sender | None,
    told: Sequence[Told],
    annexed: Sequence[Policy],
) -> list[Fact]:
    basis = consent.policy.legal_basis if consent.policy else ""
    words = WORDS[Basis(basis)] if basis else None
    letters = {text.pk: _letter(place) for place, text in enumerate(annexed)}

    def named(texts: Sequence[Policy | None]) -> str:
        known = {text.pk: text for text in texts if text is not None}
        return "; ".join(
            _("%(text)s: allegato %(letter)s, per intero") % {"text": _version(text), "letter": letters[pk]}
            for pk, text in known.items()
        )

    shown = named([text for each in told for text in (each.policy, each.rules)])
    if not shown:
        shown = (
            _("Nella risposta non ci sono") if told else _("Nessuna risposta con questi testi è nel registro")
        )
    found = [
        (_("Che cosa"), str(WHAT[Consent.Action(consent.action)])),
        (
            _("Effetto"),
            _effect(consent),
        ),
        (_("Conferma"), _confirms(consent)),
        (_("Perché"), consent.get_reason_display() if consent.reason else ""),
        (_("Persona"), _person(consent, membership)),
        (_("Modo"), consent.way_words),
        (_("Al numero"), sender.display_phone if sender else ""),
        (_("Registrata da"), isolated(str(consent.by)) if consent.by else ""),
        (_("Inviata"), _clock(consent.at)),
        (_("Ricevuta e registrata"), _clock(consent.recorded_at)),
        (_("Testi in vigore"), named([consent.policy, consent.rules]) or _("nessuno")),
        (_("Testi mostrati"), shown),
        (_("Base giuridica"), str(words.law) if words else _("quella che dice l’informativa allegata")),
        (_("Da allora"), _since(consent)),
        (_("Codice del messaggio"), consent.message_id),
        (
            _("Impronta della persona"),
            consent.subject_hash.hex() or _("distrutta con la chiave della persona"),
        ),
    ]
    return [Fact(name, words) for name, words in found if words]


def _effect(consent: Consent) -> str:
    if consent.effective or consent.action in _OUTSIDE:
        return ""
    if consent.elsewhere:
        return _(
            "Sull’altra chat di questa persona, che aveva collegato a questa: là stava la sua iscrizione"
        )
    return _("Nessuno: c’era già una richiesta più recente, o non c’era nulla da cambiare")


def _confirms(consent: Consent) -> str:
    if not consent.confirms_id:
        return ""
    return _("della richiesta n. %(number)d, con cui comincia «Che cosa è stato scritto»") % {
        "number": consent.confirms_id
    }


def _person(consent: Consent, membership: Membership | None) -> str:
    if consent.identity is None:
        return _("dati eliminati su richiesta")
    words = _("%(name)s (nome del profilo, non verificato)") % {
        "name": isolated(people.display_name(consent.identity))
    }
    phone = _phone(consent.identity, membership)
    return f"{words}, {isolated(phone)}" if phone else words


def _since(consent: Consent) -> str:
    """The latest word of theirs after this one."""
    if consent.identity_id is None:
        return ""
    later = Consent.objects.filter(identity=consent.identity_id, effective=True).exclude(pk=consent.pk)
    latest = later.filter(at__gte=consent.at).order_by("-at", "-pk").first()
    if latest is None:
        return _("nessun’altra richiesta")
    what = _("iscrizione") if latest.action == Consent.Action.GIVEN else _("cancellazione")
    return f"{_clock(latest.at)}: {what}"
