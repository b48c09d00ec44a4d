# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``python -m faults [name …]``: the sweeps, the table, ``bench/faults.json``. Exit code 1 where a count is wrong."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _django(folder: Path) -> None:
    from arengo.core.vault import new_key
    from faults.processes import OUTSIDE

    os.environ["ARENGO_DATA"] = str(folder / "data")
    os.environ["ARENGO_SECRET_KEY"] = secrets.token_urlsafe(50)
    os.environ["ARENGO_VAULT_KEYS"] = new_key("faults")
    os.environ["ARENGO_ALLOWED_ADDRESSES"] = OUTSIDE
    os.environ["DJANGO_SETTINGS_MODULE"] = "arengo.config.settings"
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings

    # A pool would keep connections to databases that a sweep drops.
    options: dict[str, object] = settings.DATABASES["default"]["OPTIONS"]  # type: ignore[assignment]  # untyped there
    options.pop("pool", None)
    django.setup()


def main(names: list[str]) -> int:
    # Told to end, it ends what it started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="arengo-faults-"))
    folder.chmod(0o711)
    _django(folder)
    from faults.counting import Found, table, write
    from faults.ground import ground
    from faults.sweeps import SWEEPS

    unknown = sorted(set(names) - set(SWEEPS))
    if unknown:
        print(f"There is no sweep {', '.join(unknown)}; there are {', '.join(SWEEPS)}.", file=sys.stderr)
        return 2
    found: list[Found] = []
    with ground(folder) as base:
        for name in names or SWEEPS:
            for sweep in SWEEPS[name]:
                began = time.monotonic()
                try:
                    row = sweep(base)
                except Exception as error:  # noqa: BLE001 - one sweep that breaks does not hide the others
                    traceback.print_exc()
                    row = Found(name, problems=[f"{type(error).__name__}: {error}"])
                    row.seconds = time.monotonic() - began
                found.append(row)
                write(found, ROOT / "bench" / "faults.json")  # what was found stays, whatever comes
                print(table([row]).splitlines()[1], flush=True)
    print()
    print(table(found))
    wrong = [row for row in found if row.problems]
    if wrong:
        print(
            f"\n{len(wrong)} of {len(found)} are wrong; what the processes said is in {folder}",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
