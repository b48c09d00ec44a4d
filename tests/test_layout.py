# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tests are laid out as the source is: a folder a room, helpers that are no tests, and no file too long to read."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS, ROOMS = ROOT / "tests", ROOT / "src" / "arengo"
MOST_LINES = 400
# Folders of tests that look at several rooms, or at what lies beside them.
ACROSS = {"browser", "faults", "plans", "seams", "security", "tools"}
# Folders without tests: sample rows, and what tests stand on.
BESIDE = {"factories", "support"}
_MAKES = {"create", "bulk_create", "create_user"}


class Module:
    """A Python file below a folder of tests; ``name`` is its path from there."""

    def __init__(self, root: Path, path: Path) -> None:
        self.name = path.relative_to(root).as_posix()
        self.package = (root.name, *path.relative_to(root).parent.parts)
        text = path.read_text(encoding="utf-8")
        self.lines = text.count("\n")
        self.tree = ast.parse(text)
        self.is_test = path.name.startswith("test_")

    def imports(self) -> Iterator[str]:
        """Whole names of what is imported, wherever it stands; of ``from a import b`` both ``a`` and ``a.b``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                near = self.package[: len(self.package) - node.level + 1] if node.level else ()
                module = ".".join([*near, *([node.module] if node.module else [])])
                yield module
                yield from (f"{module}.{alias.name}" for alias in node.names)

    def makers(self) -> Iterator[str]:
        """Names of functions that make rows, whatever stands around them; tests and fixtures are none."""
        for node in ast.walk(self.tree):
            if (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and not node.name.startswith("test_")
                and not any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)
                and any(map(_makes_rows, ast.walk(node)))
            ):
                yield node.name


def _makes_rows(node: ast.AST) -> bool:
    """``Model.objects.create(…)`` and its like."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _MAKES
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr in {"objects", "unscoped"}
    )


def modules(root: Path) -> list[Module]:
    return [Module(root, path) for path in sorted(root.rglob("*.py"))]


def imports_of_tests(root: Path) -> list[str]:
    """Who imports a test module or a conftest: what two need lies in a module of its own."""
    return [
        f"{module.name} imports {name}"
        for module in modules(root)
        for name in dict.fromkeys(module.imports())
        if name.split(".")[0] == root.name
        and any(part == "conftest" or part.startswith("test_") for part in name.split(".")[1:])
    ]


def further_conftests(root: Path) -> list[str]:
    """A room's fixtures stand in one place, at its top."""
    return [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("conftest.py"))
        if len(path.relative_to(root).parts) > 2
    ]


def folders_of_no_room(root: Path, rooms: Path) -> list[str]:
    """Folders with tests that are named neither after a room nor as one of those that look across."""
    known = {path.name for path in rooms.iterdir() if path.is_dir()} | ACROSS
    found = {path.relative_to(root).parts[0] for path in root.rglob("*/test_*.py")}
    return sorted(found - known)


def makers_at_two_places(root: Path) -> list[str]:
    """A maker that a second file needs has its home in the factories."""
    places = defaultdict(set)
    for module in modules(root):
        for name in module.makers():
            places[name.removeprefix("_")].add(module.name)
    return [f"{name}: {', '.join(sorted(files))}" for name, files in sorted(places.items()) if len(files) > 1]


def too_long(root: Path) -> list[str]:
    return [f"{module.name}: {module.lines}" for module in modules(root) if module.lines > MOST_LINES]


def unseen_asserts(root: Path) -> list[str]:
    """Modules that assert on behalf of tests, and of whose assertions pytest would not show what they found."""
    named = {
        node.value
        for node in ast.walk(Module(root, root / "__init__.py").tree)
        if isinstance(node, ast.Constant)
    }
    return [
        module.name
        for module in modules(root)
        if not module.is_test
        and not module.name.endswith("conftest.py")
        and any(isinstance(node, ast.Assert) for node in ast.walk(module.tree))
        and ".".join([*module.package, Path(module.name).stem]) not in named
    ]


def test_no_test_imports_a_test() -> None:
    assert imports_of_tests(TESTS) == []


def test_a_room_has_one_conftest() -> None:
    assert further_conftests(TESTS) == []


def test_tests_lie_in_the_folder_of_their_room() -> None:
    assert folders_of_no_room(TESTS, ROOMS) == []
    assert not [path for folder in BESIDE for path in (TESTS / folder).rglob("test_*.py")]


def test_a_maker_of_rows_has_one_home() -> None:
    assert makers_at_two_places(TESTS) == []


def test_no_file_is_too_long_to_read() -> None:
    assert too_long(TESTS) == []


def test_pytest_shows_what_an_assertion_found_wherever_it_stands() -> None:
    assert unseen_asserts(TESTS) == []


# --- the checks themselves, over a tree that is made up ---------------------------------------------------------------

GOOD = {
    "__init__.py": 'pytest.register_assert_rewrite("tests.library.counting")\n',
    "conftest.py": "import pytest\n",
    "factories/core.py": "def town():\n    return Town.objects.create()\n",
    "library/conftest.py": "",
    "library/test_loans.py": "from tests.factories.core import town\nfrom tests.library.shelves import shelf\n",
    "library/counting.py": "def counted():\n    assert True\n",
    "library/shelves.py": "def shelf():\n    return 1\n",
    "library/children/test_books.py": "def _test():\n    return Book.objects.filter()\n",
    "security/test_doors.py": "@pytest.fixture\ndef town():\n    return Town.objects.create()\n",
    "test_papers.py": "",
}


def _tree(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "rooms" / "library").mkdir(parents=True)
    return folder / "tests"


def _wrong(root: Path) -> list[str]:
    rooms = root.parent / "rooms"
    return [
        *imports_of_tests(root),
        *further_conftests(root),
        *folders_of_no_room(root, rooms),
        *makers_at_two_places(root),
        *too_long(root),
        *unseen_asserts(root),
    ]


def test_a_good_tree_is_found_good(tmp_path: Path) -> None:
    assert _wrong(_tree(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("library/test_a.py", "from tests.library.test_loans import x\n", "library/test_a.py imports tests.library.test_loans"),
        ("library/test_a.py", "from tests.library import test_loans\n", "library/test_a.py imports tests.library.test_loans"),
        ("library/test_a.py", "import tests.library.test_loans as x\n", "library/test_a.py imports tests.library.test_loans"),
        ("library/test_a.py", "def f():\n    from .test_loans import x\n", "library/test_a.py imports tests.library.test_loans"),
        ("library/children/x.py", "from ..test_loans import x\n", "library/children/x.py imports tests.library.test_loans"),
        ("library/children/x.py", "from .. import test_loans\n", "library/children/x.py imports tests.library.test_loans"),
        ("factories/x.py", "from tests.conftest import x\n", "factories/x.py imports tests.conftest"),
        ("library/children/conftest.py", "", "library/children/conftest.py"),
        ("museum/test_a.py", "", "museum"),
        ("museum/rooms/test_a.py", "", "museum"),
        ("library/test_a.py", "def town():\n    Town.objects.bulk_create([])\n", "town: factories/core.py, library/test_a.py"),
        ("library/a.py", "class A:\n    async def _town(self):\n        Town.unscoped.create()\n", "town: factories/core.py, library/a.py"),
        ("library/test_a.py", "\n" * 401, "library/test_a.py: 401"),
        ("support/a.py", "\n" * 401, "support/a.py: 401"),
        ("library/shelves.py", "def shelf():\n    assert True\n", "library/shelves.py"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_tree_is_found(tmp_path: Path, name: str, text: str, wrong: str) -> None:
    found = _wrong(_tree(tmp_path, {**GOOD, name: text}))
    assert wrong in found
    assert all(each.startswith(wrong) for each in found)
