# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one home of message templates: what rooms need (presets), what the platform has, and whether the two fit.

``presets`` is the registry, ``administration`` talks to the platform, ``fitting`` says whether a template can be sent now,
``filling`` makes the message, ``overview`` is what the page of the settings shows. The page's own files stand in ``delivery/``.
"""
