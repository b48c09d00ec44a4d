# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation goes to the protocollo, the municipality's register: as a PDF, whose number is written down here."""
