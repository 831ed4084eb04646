"""Rooms: the same files in each, and further code in one subfolder that says what it is."""

from pathlib import Path

import pytest

from config import ROOT

CODE = ROOT / "cissapp"
FILES = {
    "__init__",
    "commands",
    "forms",
    "mails",
    "models",
    "phrases",
    "queries",
    "rules",
    "services",
    "views",
}
# Uploads in pieces and photographs have tables of their own, and are kept where no document is yet.
MORE = {"prepare/documents": 3}
# The rooms of the foundation are tools, not features: what each of them holds, its page tells.
ROOMS = [
    room
    for wing in sorted(CODE.iterdir())
    if wing.is_dir() and wing.name not in {"foundation", "translations", "__pycache__"}
    for room in sorted(wing.iterdir())
    if (room / "__init__.py").exists()
]


def name_of(room: Path) -> str:
    return f"{room.parent.name}/{room.name}"


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_has_the_files_of_the_list(room: Path):
    others = {path.stem for path in room.glob("*.py")} - FILES

    assert others == set()


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_what_else_a_room_holds_stands_in_one_subfolder(room: Path):
    others = [
        folder.name
        for folder in sorted(room.iterdir())
        if (folder / "__init__.py").exists() and folder.name not in FILES
    ]

    assert len(others) <= MORE.get(name_of(room), 1), others
