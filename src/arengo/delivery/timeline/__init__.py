# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether this installation is older than it was, and what then happens to its outbox.

ids.py        delivery ids: the installation's mark and the minute in which a timeline began are part of each
folder_note.py    the data folder's own note of how far the installation had come
step_back.py      what tells that the database is older than it was
beginning.py  a new timeline begins: ids jump, the outbox is withheld
keeping.py    each worker's part: looks for signs, moves the note forward
receipts.py   receipts that tell of a future which this database has lost
deciding.py   what is withheld, and what a person decides: send or drop
"""
