# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rooms print and draw: PDF (``pdf.py``), charts (``charts.py``), QR codes (``qr.py``)."""
