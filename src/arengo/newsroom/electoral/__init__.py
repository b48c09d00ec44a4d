# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Between the calling of an election and the vote a public body says only what is impersonal and indispensable (L. 28/2000, art. 9).

The newsroom warns then, and each update that goes out has its reason, which is kept.
"""
