# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that hold people, read as one table: CSV, spreadsheets, vCard. Nothing here touches the database."""
