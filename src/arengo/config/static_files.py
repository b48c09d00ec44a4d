# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How collected files are named: each by its content, so that a browser may keep it for ever and never shows an old one."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

NAMED_BY_CONTENT = r"\.[0-9a-f]{12}\.\w+$"


class HashedFiles(ManifestStaticFilesStorage):
    """Names in stylesheets and in modules' imports are rewritten as well."""

    support_js_module_import_aggregation = True
