# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invitations, and how one becomes a membership.

Inviting looks at nothing but this organization: whether the address belongs to an account elsewhere changes no word,
no page and no query of the administrator. It is the invited person who finds out, after opening the link.

A link that was mailed proves the address: it leads to the one account that owns the address, or makes it. A link that
was shown on screen proves nothing: it makes an account that counts in this organization alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from arengo.accounts import factors, mails, tokens
from arengo.accounts.models import Invitation
from arengo.core import audit
from arengo.core.links import organization_url
from arengo.core.models import Membership, Organization, Person

VALID = timedelta(days=3)
_KEPT = timedelta(days=90)  # what became of an invitation stays in the log; the row goes
MOST_OPEN = 100  # invitations that wait, of one organization
MOST_A_DAY = 200  # invitations of one organization, renewed ones too
MOST_A_DAY_TO_ONE = 5  # of one organization to one address: nobody's mailbox is filled


class Refused(Exception):
    """The words say why, for the screen."""


@dataclass(frozen=True)
class Sent:
    """``link`` only where no mail is set up: then the administrator hands it over. ``mailed``: the mail left."""

    invitation: Invitation
    link: str
    mailed: bool


def waiting(organization: Organization) -> list[Invitation]:
    """The invitations that can still be accepted or sent again, the newest first."""
    found = Invitation.objects.filter(
        organization=organization, accepted_at__isnull=True, revoked_at__isnull=True
    )
    return list(found.select_related("by").order_by("-created_at"))


def invite(organization: Organization, *, email: str, name: str, roles: list[str], by: Person) -> Sent:
    """Invite somebody who is no member yet. Refused: one is open already, or too many were sent."""
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        now = timezone.now()
        open_ones = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        open_ones.filter(expires_at__lte=now).update(revoked_at=now)
        if open_ones.filter(email=email).exists():
            raise Refused(_("C’è già un invito per questo indirizzo: mandalo di nuovo dall’elenco."))
        if open_ones.count() >= MOST_OPEN:
            raise Refused(_("Ci sono troppi inviti in attesa: revoca quelli che non servono più."))
        invitation, token = _make(organization, email=email, name=name, roles=roles, by=by)
        audit.record(
            "accounts.invited", organization=organization, by=by, on=invitation, detail={"roles": roles}
        )
    return _deliver(organization, invitation, token)


def renew(organization: Organization, invitation: Invitation, *, by: Person) -> Sent:
    """The same invitation with a new link; the old link is void. Refused when it is no longer open.

    Locks the organization, so that ceilings are counted by one at a time, then the invitation.
    """
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        old = _locked_open(invitation)
        old.revoked_at = timezone.now()
        old.save(update_fields=["revoked_at"])
        fresh, token = _make(
            organization, email=old.email, name=old.name, roles=old.roles, by=by, membership=old.membership
        )
        audit.record("accounts.renewed_invitation", organization=organization, by=by, on=fresh)
    return _deliver(organization, fresh, token)


def new_way_in(organization: Organization, membership: Membership, *, by: Person) -> Sent:
    """A link by which a member whose address nobody proved sets a new password.

    Refused for an account with a proved address: it may belong to other organizations too, and is its owner's alone.
    """
    person = membership.person
    if person.proved_at is not None:
        raise Refused(
            _("Questa persona ha verificato il suo indirizzo: usa «Password dimenticata» all’accesso.")
        )
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        Invitation.objects.filter(
            email=person.email, accepted_at__isnull=True, revoked_at__isnull=True
        ).update(revoked_at=timezone.now())
        invitation, token = _make(
            organization,
            email=person.email,
            name=person.name,
            roles=list(membership.roles),
            by=by,
            membership=membership,
        )
        audit.record("accounts.renewed_access", organization=organization, by=by, on=membership)
    return _deliver(organization, invitation, token)


def revoke(organization: Organization, invitation: Invitation, *, by: Person) -> None:
    with transaction.atomic():
        locked = _locked_open(invitation)
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at"])
        audit.record("accounts.revoked_invitation", organization=organization, by=by, on=invitation)


def of_link(token_hash: str) -> Invitation | None:
    """The open invitation of a link, by its token's hash, among those of the scope's organization."""
    found: Invitation | None = Invitation.objects.filter(
        token_hash=token_hash,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
    return found


def owner(invitation: Invitation) -> Person | None:
    """The account that must sign in to accept; None where accepting makes (or renews) one with a new password."""
    if not invitation.mailed:
        return None
    return Person.objects.filter(email=invitation.email, proved_at__isnull=False).first()


def accept_as_owner(organization: Organization, invitation: Invitation, person: Person) -> Membership:
    """The owner of the address, signed in with their own password and second factor, accepts."""
    with transaction.atomic():
        locked = _locked_open(invitation)
        if owner(locked) != person:
            raise Refused(_("Questo invito è per un altro indirizzo."))
        _close(locked)
        if locked.membership is not None and locked.membership.person_id != person.pk:
            locked.membership.delete()  # of the account without proof that stood for them here until now
        # Who became a member by another way meanwhile keeps the roles of today.
        membership: Membership
        membership, _made = Membership.objects.get_or_create(
            organization=organization, person=person, defaults={"roles": locked.roles}
        )
        audit.record("accounts.accepted_invitation", organization=organization, by=person, on=membership)
    return membership


def accept_with_password(
    organization: Organization, invitation: Invitation, *, name: str, password: str
) -> Person:
    """The opener of the link chooses a name and a password.

    A mailed link gives the address to this account, and takes away what anybody set before the proof: the password and
    with it every session, the second factors, the claims of other accounts. Refused where the address has an owner.
    """
    taken = Refused(_("Questo indirizzo ha già un accesso: entra con quello."))
    try:
        with transaction.atomic():
            locked = _locked_open(invitation)
            if owner(locked) is not None:
                raise taken
            return _take_over(organization, locked, name, password)
    except IntegrityError as error:  # somebody proved the same address in this moment
        raise taken from error


def forget(person: Person, organizations: Collection[int]) -> None:
    """Invitations that are over and name somebody who is erased.

    Of an address that the person proved, everybody's; else those of the organizations that know this account: other
    organizations' invitations may be to somebody else.
    """
    over = Q(accepted_at__isnull=False) | Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now())
    theirs = Invitation.unscoped.filter(over, email=person.email)
    if person.proved_at is None:
        theirs = theirs.filter(organization__in=organizations)
    theirs.delete()


def _take_over(organization: Organization, locked: Invitation, name: str, password: str) -> Person:
    _close(locked)
    person = locked.membership.person if locked.membership else Person(email=locked.email)
    if (
        locked.membership is not None
        and Membership.unscoped.filter(person=person).exclude(organization=organization).exists()
    ):
        # Another organization made this account, or shares it without proof: nothing of it is carried along.
        locked.membership.delete()
        person = Person(email=locked.email)
    if person.proved_at is not None:
        raise Refused(_("Questo invito non vale più."))  # it was proved after a link was shown on screen
    person.name = name
    person.proved_at = timezone.now() if locked.mailed else None
    person.set_password(password)
    person.save()
    factors.remove_all(person)
    if locked.mailed:
        EmailAddress.objects.filter(email=locked.email).exclude(user=person).delete()
    # Who became a member by another way meanwhile keeps the roles of today.
    membership, _made = Membership.objects.get_or_create(
        organization=organization, person=person, defaults={"roles": locked.roles}
    )
    audit.record(
        "accounts.accepted_invitation",
        organization=organization,
        by=person,
        on=membership,
        detail={"proved": locked.mailed},
    )
    return person


def _locked_open(invitation: Invitation) -> Invitation:
    found: Invitation | None = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("membership__person")
        .filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if found is None:
        raise Refused(_("Questo invito non vale più."))
    return found


def _close(invitation: Invitation) -> None:
    if invitation.expires_at <= timezone.now():
        raise Refused(_("Questo invito non vale più."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])


def _make(
    organization: Organization,
    *,
    email: str,
    name: str,
    roles: list[str],
    by: Person,
    membership: Membership | None = None,
) -> tuple[Invitation, str]:
    now = timezone.now()
    Invitation.objects.filter(created_at__lt=now - _KEPT).delete()
    today = Invitation.objects.filter(created_at__gt=now - timedelta(days=1))
    if today.filter(email=email).count() >= MOST_A_DAY_TO_ONE:
        raise Refused(_("A questo indirizzo sono già partiti troppi inviti oggi: riprova domani."))
    if today.count() >= MOST_A_DAY:
        raise Refused(_("Oggi sono già partiti troppi inviti: riprova domani."))
    token, token_hash = tokens.new()
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        name=name,
        roles=roles,
        by=by,
        membership=membership,
        token_hash=token_hash,
        mailed=settings.EMAIL_LEAVES,
        expires_at=now + VALID,
    )
    return invitation, token


def _deliver(organization: Organization, invitation: Invitation, token: str) -> Sent:
    link = organization_url(organization, reverse("invitation_link", args=[token]))
    if not invitation.mailed:
        return Sent(invitation, link, mailed=False)
    known = owner(invitation)
    mailed = mails.send(
        mails.InvitationMail(organization, invitation, link),
        invitation.email,
        gettext_lazy("Il tuo accesso alla console"),
        language=known.language if known and known.language else organization.language,
    )
    return Sent(invitation, "", mailed)
