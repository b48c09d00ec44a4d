# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is published at the closing, and whether it still says what was counted.

The register has one line a vote: a receipt made by chance at the closing, and the number of the answer, in the order of the
receipts. Nobody was given a receipt: a vote that can be proved can be sold. The statement says the result and names the register by
its SHA-256; it is signed by a key that was announced when the poll opened, and died when it closed. So a register, a result or a
statement that is changed later is found by everybody, with the page in their browser or with tools of their own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext as _

from arengo.core.models import AuditEntry
from arengo.newsroom.votes import keys
from arengo.newsroom.votes.models import Poll

_RECEIPT = 12  # bytes: two alike are not to be expected in as many votes as there are people


def register_of(options: Sequence[int]) -> str:
    """``options``: of each vote, from 0."""
    lines = sorted(f"{secrets.token_hex(_RECEIPT)},{option + 1}" for option in options)
    return "".join(f"{line}\n" for line in lines)


def statement_of(poll: Poll, *, shares: bool) -> str:
    """``shares`` False: so few voted that only their number is told. As JSON in one spelling, for it is signed as it stands."""
    said = {
        "poll": str(poll.code),
        "question": poll.question,
        "options": poll.options,
        "closed": poll.closed_at.isoformat(timespec="seconds") if poll.closed_at else "",
        "votes": sum(poll.counted),
        "counts": poll.counted if shares else [],
        "register": fingerprint(poll.register),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def problems(poll: Poll) -> list[str]:
    """Of a closed poll: what does not agree any more; empty when all does. The log is append-only, and has key and statement since."""
    found = []
    if not keys.is_signed(poll.statement, bytes(poll.signature), bytes(poll.signing_key)):
        found.append(_("La firma del risultato non è valida."))
    log = AuditEntry.objects.in_bulk([pk for pk in (poll.opened_entry, poll.counted_entry) if pk is not None])
    if not _says(log.get(poll.opened_entry), poll, "newsroom.opened_poll", bytes(poll.signing_key)):
        found.append(_("La chiave della firma non è quella annunciata all’apertura."))
    if not _says(log.get(poll.counted_entry), poll, "newsroom.counted_poll", poll.statement.encode()):
        found.append(_("Il risultato non è quello scritto nel registro delle attività alla chiusura."))
    try:
        said = json.loads(poll.statement)
        said = {name: said[name] for name in ("register", "counts", "votes", "question", "options")}
    except (ValueError, TypeError, KeyError):
        return [*found, _("Il risultato firmato non si legge.")]
    if said["register"] != fingerprint(poll.register):
        found.append(_("Il registro dei voti non è quello pubblicato alla chiusura."))
    if said["counts"] and _counts(poll) != said["counts"]:
        found.append(_("I voti del registro, contati, non danno il risultato pubblicato."))
    if (said["counts"] or [said["votes"]]) != poll.counted:
        found.append(_("Il risultato mostrato non è quello firmato."))
    if (said["question"], said["options"]) != (poll.question, poll.options):
        found.append(_("La domanda o le risposte mostrate non sono quelle firmate."))
    return found


def key_text(poll: Poll) -> str:
    """The public key, as tools other than ours read it; empty where it was changed to what is none."""
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(poll.signing_key))
    except ValueError:
        return ""
    return point.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signature_text(poll: Poll) -> str:
    return base64.b64encode(bytes(poll.signature)).decode()


def _counts(poll: Poll) -> list[int]:
    """-1 in each place when a line is none, or a receipt stands there twice."""
    lines = [line.split(",") for line in poll.register.splitlines()]
    if any(len(line) != 2 for line in lines) or len({line[0] for line in lines}) != len(lines):
        return [-1] * len(poll.options)
    found = Counter(line[1] for line in lines)
    return [found.pop(str(number), 0) for number in range(1, len(poll.options) + 1)] + ([-1] if found else [])


def _says(entry: AuditEntry | None, poll: Poll, verb: str, content: bytes) -> bool:
    """Whether this entry of the log is of the poll's opening or counting, and has the mark of that content."""
    if entry is None or (entry.verb, entry.object_id) != (verb, str(poll.update_id)):
        return False
    return keys.mark(content) in entry.detail.values()
