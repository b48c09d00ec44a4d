# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that come with citizens' messages: a row for each, and the job that brings it over."""

from __future__ import annotations

from collections.abc import Sequence

from procrastinate.types import JSONValue

from arengo.audience.events import CitizenWrote
from arengo.core import outside
from arengo.core.clean_text import file_name
from arengo.core.events import Batch
from arengo.delivery.models import Sender
from arengo.desk import transfers
from arengo.desk.jobs import fetch_media
from arengo.desk.models import Attachment, Message
from arengo.platforms.contract import HandsOutFiles, Nature
from arengo.platforms.receiving import receiving_of
from arengo.platforms.registry import platform

_LONGEST_NAME = 240
_LONGEST_MEDIA_ID = 300  # Meta's have 16; of one that is longer the platform holds nothing


def expect_files(
    batch: Batch[CitizenWrote], events: Sequence[CitizenWrote], messages: Sequence[Message]
) -> None:
    """The files of ``messages``, which are stored, those of ``events`` in the same order.

    A file that the platform never had for us is told at once, by the code of its message's error.
    """
    with_files = [
        (event.message, message)
        for event, message in zip(events, messages, strict=True)
        if (event.message.media is not None or event.message.error)
        and event.message.nature is not Nature.ECHO  # not sent to us
    ]
    if not with_files:
        return
    speaks = platform(batch.platform or Sender.objects.only("platform").get(pk=batch.sender_id).platform)
    receiving = receiving_of(speaks)
    fetches = isinstance(speaks, HandsOutFiles)
    attachments = []
    for said, message in with_files:
        attachment = Attachment(organization_id=batch.organization_id, message=message)
        if said.media is not None and fetches:
            attachment.platform_media_id = said.media.media_id[:_LONGEST_MEDIA_ID]
            attachment.mime_type = said.media.mime_type[:100]
            attachment.filename = file_name(outside.text(said.media.filename), most=_LONGEST_NAME)
            kept_until = min(message.sent_at, message.received_at) + receiving.kept
            transfers.expect(attachment, kept_until=kept_until)
        elif receiving.lost(said.error) is not None:  # the platform never had it for us
            attachment.state = Attachment.State.TOO_LARGE
            attachment.code = said.error
        else:
            continue
        attachments.append(attachment)
    Attachment.objects.bulk_create(attachments)
    jobs: list[dict[str, JSONValue]] = [
        {"organization_id": batch.organization_id, "attachment_id": attachment.pk}
        for attachment in attachments
        if attachment.state == Attachment.State.PENDING
    ]
    if jobs:
        fetch_media.batch_defer(*jobs)
