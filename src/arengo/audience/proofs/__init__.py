# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prove: what was answered to each consent, the proof of one, as a page and as a PDF, and the proofs of everybody."""
