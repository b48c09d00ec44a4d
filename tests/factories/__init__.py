# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample rows and values, a module for each room: plain functions whose defaults make the usual one.

A test names what it is about and leaves the rest to the defaults. Rows belong to the organization that is given, or else to
that of the scope. A maker that a second file needs moves here; ``tests/test_layout.py`` says when.
"""
