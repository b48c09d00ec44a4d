# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proxies' examples as the manual prints them."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "manuale" / "proxy.md").read_text()
NGINX = re.search(r"```nginx\n(.*?)```", PAGE, re.DOTALL).group(1)  # type: ignore[union-attr]
CADDY = re.search(r"```caddy\n(.*?)```", PAGE, re.DOTALL).group(1)  # type: ignore[union-attr]
