# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The usual Django way of sending to many: one Celery task a recipient, its status saved by the ORM."""
