# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``python -m bench.celery_way.prepare 10000``: the table, so many recipients, one task for each in the broker."""

from __future__ import annotations

import sys

from bench.celery_way.tasks import app, send  # sets Django up

from bench.celery_way.models import Recipient  # isort: skip  # after Django is set up
from bench.messages import phone


def main() -> None:
    from django.db import connection

    with connection.schema_editor() as editor:
        editor.create_model(Recipient)
    recipients = Recipient.objects.bulk_create(
        [Recipient(phone=phone(index)) for index in range(int(sys.argv[1]))], batch_size=5000
    )
    with app.producer_pool.acquire(block=True) as producer:
        for recipient in recipients:
            send.apply_async((recipient.pk,), producer=producer)


if __name__ == "__main__":
    main()
