# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«collega», the six digits in the other chat, «ricevi qui», «scollega»: each is answered with one kind of the closed list.

Called in the reader's transaction, inside the organization's scope. People come one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from arengo.audience import choices, spoken
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.events import ReplyWanted
from arengo.audience.linking import codes, verbs
from arengo.audience.linking.models import Link, LinkCode
from arengo.audience.linking.telling import label, tell
from arengo.audience.models import Identity, ListSettings, Subscription
from arengo.core import automatic
from arengo.core.automatic import Kind, some_a_day
from arengo.core.events import Batch
from arengo.core.models import Organization

KIND = "audience.linking"
LINK, CODE, HERE, UNLINK = "link", "link-code", "here", "unlink"  # prefixes of choices
_OFTEN, _A_DAY = some_a_day(KIND, times=8, a_day=24, minutes=10)

_OBJECTS = (
    *("", "chat", "le chat", "questa chat", "le mie chat", "la chat", "due chat", "numero", "questo numero"),
    *(
        "un altro numero",
        "altro numero",
        "i numeri",
        "i miei numeri",
        "un altra chat",
        "altra chat",
        "telegram",
    ),
)
_LINKING = ("collega", "collegare", "collegami", "vorrei collegare", "voglio collegare")
_PARTING = (
    *("scollega", "scollegare", "scollegami", "scollegate", "vorrei scollegare", "voglio scollegare"),
    *("non collegare più", "annulla collegamento", "annulla il collegamento"),
)
_RECEIVING = (
    *("ricevi qui", "ricevo qui", "ricevere qui", "voglio ricevere qui", "vorrei ricevere qui", "qui"),
    *(
        "fammi ricevere qui",
        "fatemi ricevere qui",
        "scrivimi qui",
        "scrivetemi qui",
        "mandami qui",
        "inviami qui",
    ),
)
_NEWS = ("", "gli avvisi", "i messaggi", "le notizie", "gli aggiornamenti")
LINK_PHRASES = tuple(f"{verb} {what}".strip() for verb, what in product(_LINKING, _OBJECTS))
UNLINK_PHRASES = tuple(f"{verb} {what}".strip() for verb, what in product(_PARTING, _OBJECTS))
HERE_PHRASES = tuple(
    f"{verb} {what}".strip() for verb, what in product(_RECEIVING, _NEWS) if verb != "qui"
) + tuple(
    f"{verb} {what} qui"
    for verb in ("ricevere", "voglio ricevere", "vorrei ricevere", "mandatemi")
    for what in _NEWS[1:]
)


def register() -> None:
    automatic.register(
        Kind(
            KIND,
            gettext_lazy("Collegare due chat"),
            gettext_lazy(
                "A chi scrive «collega», «ricevi qui» o «scollega»: il codice che unisce le sue due chat, che vale 10 minuti, e "
                "che cosa ne è venuto."
            ),
            "settings:list",
            (_OFTEN, _A_DAY),
        )
    )
    for prefix, one, phrases in (
        (LINK, _asked, LINK_PHRASES),
        (UNLINK, _parted, UNLINK_PHRASES),
        (HERE, _preferred, HERE_PHRASES),
    ):
        choices.register(prefix, _each(one))
        spoken.register(prefix, phrases)
    choices.register(CODE, _each(_typed))
    spoken.register_shape(CODE, codes.is_code)


_One = Callable[[ChoicePressed, int], tuple[ReplyWanted | None, bool]]
"""An event and its sender → the answer, and whether a person of ours reads it all the same."""


def _each(one: _One) -> choices.Handler:
    def handle(batch: Batch[ChoicePressed]) -> Handled:
        """In the order given. Where the organization does not send these answers, a person does."""
        if KIND not in automatic.switched_on():
            return Handled(for_people={event.message.message_id for event in batch.events})
        replies, for_people = [], set()
        language = Organization.objects.get(pk=batch.organization_id).language
        with translation.override(language):
            for event in batch.events:
                reply, is_for_people = one(event, batch.sender_id)
                if reply is not None:
                    replies.append(reply)
                if is_for_people:
                    for_people.add(event.message.message_id)
        return Handled(replies, for_people)

    return handle


def _asked(event: ChoicePressed, sender_id: int) -> tuple[ReplyWanted | None, bool]:
    """«collega»: the code."""
    found = verbs.of(event.identity)
    if found is not None:
        return _reply(event, _linked_already(found, event)), False
    if not event.message.wants_answer:
        return None, False  # another responder has the chat: a code would reach nobody
    try:
        code = codes.make(event.identity, sender_id)
    except codes.TooMany:
        return _reply(event, _("Hai già chiesto più codici: usa l’ultimo, o riprova più tardi.")), False
    return event.reply(KIND, _code_words(code), shown_as=_code_words("······")), False


def _code_words(code: str) -> str:
    minutes = codes.VALID.seconds // 60
    return ngettext(
        "Il tuo codice è %(code)s. Scrivilo, da solo, nell’altra tua chat con noi. Vale %(minutes)d minuto, una volta. Non darlo a "
        "nessuno.",
        "Il tuo codice è %(code)s. Scrivilo, da solo, nell’altra tua chat con noi. Vale %(minutes)d minuti, una volta. Non darlo a "
        "nessuno.",
        minutes,
    ) % {"code": code, "minutes": minutes}


def _typed(event: ChoicePressed, sender_id: int) -> tuple[ReplyWanted | None, bool]:
    """Six digits. Where nobody waits with a code they are a message as any other; wrong ones may be too, so a person reads them."""
    if not codes.waiting().exists():
        return None, True
    digits = "".join(sign for sign in event.message.text if sign.isdigit())
    code = codes.find(digits, event.identity)
    # Whatever comes of it, the digits stand in a conversation that the staff reads: from now on they open nothing.
    if code is None or not codes.use(code):
        return _reply(event, _wrong()), True
    if code.identity_id == event.identity.pk:
        words = _(
            "Il codice va scritto nell’altra tua chat con noi, non in questa. Per averne uno nuovo scrivi COLLEGA."
        )
        return _reply(event, words), False
    found = verbs.of(event.identity)
    if found is not None:
        return _reply(event, _linked_already(found, event)), False
    return _reply(event, _link(code, event, sender_id)), False


def _wrong() -> str:
    return _("Questo codice non è giusto o non vale più. Per averne uno scrivi COLLEGA nell’altra chat.")


def _link(code: LinkCode, event: ChoicePressed, sender_id: int) -> str:
    """What is said in the chat where the code was typed; the other one is told too."""
    asked = Identity.objects.select_related("contact").get(pk=code.identity_id)
    try:
        made = verbs.link(asked, event.identity, senders=(code.sender_id, sender_id))
    except verbs.AlreadyLinked:
        return _("Una delle due chat è già collegata a un’altra: prima scrivi SCOLLEGA in quella.")
    told = _("Questa chat ora è collegata a %(other)s. Se non l’hai chiesto, scrivi SCOLLEGA.")
    tell(asked, code.sender_id, KIND, told % {"other": label(event.identity)})
    done = _("Collegata a %(other)s.") % {"other": label(asked)}
    return f"{done} {_where(made, event)}"


def _where(found: Link, event: ChoicePressed) -> str:
    """Where the person is reached, and how to change it."""
    if found.preferred_id == event.identity.pk:
        return _("Gli avvisi arrivano qui, una volta sola. Per separarle scrivi SCOLLEGA.")
    return _(
        "Gli avvisi arrivano là, una volta sola. Per averli qui scrivi RICEVI QUI, per separarle SCOLLEGA."
    )


def _linked_already(found: Link, event: ChoicePressed) -> str:
    other = label(verbs.beside(found, event.identity))
    return f"{_('Questa chat è già collegata a %(other)s.') % {'other': other}} {_where(found, event)}"


def _preferred(event: ChoicePressed, sender_id: int) -> tuple[ReplyWanted | None, bool]:
    """«ricevi qui». Of who linked nothing a person reads what they mean."""
    found = verbs.of(event.identity)
    if found is None:
        return None, True
    verbs.prefer(found, event.identity, sender_id=sender_id)
    if not Subscription.objects.filter(identity=event.identity, active=True).exists():
        return _reply(event, f"{_('Fatto.')} {_off_list()}"), False
    return _reply(event, _("Fatto: gli avvisi ora arrivano qui, e non più nell’altra chat.")), False


def _parted(event: ChoicePressed, _sender_id: int) -> tuple[ReplyWanted | None, bool]:
    """«scollega»."""
    found = verbs.of(event.identity)
    if found is None or not verbs.unlink(found):
        return _reply(event, _("Questa chat non è collegata a un’altra.")), False
    listed = Subscription.objects.filter(identity=event.identity, active=True).exists()
    here = _("Qui ricevi gli avvisi.") if listed else _off_list()
    return _reply(event, f"{_('Fatto: le due chat non sono più collegate.')} {here}"), False


def _off_list() -> str:
    settings = ListSettings.objects.first()
    joining = next(iter(settings.join_words), "") if settings else ""
    words = (
        _("Qui non ricevi avvisi: se li vuoi scrivi %(join)s.") if joining else _("Qui non ricevi avvisi.")
    )
    return words % {"join": joining} if joining else words


def _reply(event: ChoicePressed, text: str) -> ReplyWanted:
    return event.reply(KIND, text)
