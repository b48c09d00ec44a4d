# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk keeps: conversations, their messages, who had them in hand.

The texts of messages are **not** sealed in the vault, unlike numbers and user ids. Operators must be able to search
them, which PostgreSQL cannot do in what it cannot read; who steals the database without its keys then has words
but nobody's number. Disks and backups are encrypted by who runs the installation. Texts appear in no log, no
address and no error.
"""

from arengo.desk.models.conversations import (
    Assignment as Assignment,
    Conversation as Conversation,
    Handover as Handover,
)
from arengo.desk.models.desks import Desk as Desk
from arengo.desk.models.files import Attachment as Attachment, _private_place as _private_place
from arengo.desk.models.messages import (
    LONGEST_REACTION as LONGEST_REACTION,
    Message as Message,
    Reaction as Reaction,
    Version as Version,
)
