# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the files of tests are dealt out to the processes that share them."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# Their tests send the same forms, which are looked for once in a process (tests/security/found_forms.py).
_OF_FORMS = {f"tests/security/test_{name}.py" for name in ("every_form", "every_upload", "taking_away")}


class SideBySide(LoadFileScheduling):
    """In the order of ``tests/conftest.py``, but every second process begins with the files that start no browser.

    Otherwise all would drive a browser at the beginning, and all start processes and wait for them afterwards: the
    processors would be wanted by too many, and then by nobody.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/security, forms" if file in _OF_FORMS else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self.nodes.index(node) % 2:
            other = next((file for file in self.workqueue if "browser" not in file), None)
            if other is not None:
                self.workqueue.move_to_end(other, last=False)
        super()._assign_work_unit(node)
