# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the files of tests are dealt out to the processes that share them."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController


class SideBySide(LoadFileScheduling):
    """In the order of ``tests/conftest.py``, but every second process begins with the files that start no browser.

    Otherwise all would drive a browser at the beginning, and all start processes and wait for them afterwards: the
    processors would be wanted by too many, and then by nobody.
    """

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self.nodes.index(node) % 2:
            other = next((file for file in self.workqueue if "browser" not in file), None)
            if other is not None:
                self.workqueue.move_to_end(other, last=False)
        super()._assign_work_unit(node)
