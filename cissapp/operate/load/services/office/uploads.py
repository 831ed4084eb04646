"""A list of schools that a coordinator uploaded: it has been checked, and is not imported yet."""

from datetime import datetime

from cissapp.operate.load.rules.names import place_name, school_name
from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.people.school_lists.services.previewing import preview

ROWS = 40


def add(work: GroupWork, *, at: datetime) -> int:
    """Upload a list of the group; return how many lists."""
    preview(
        _file(work).encode(),
        "schools.csv",
        mapping=None,
        group_id=work.group_id,
        by=work.coordinators[0],
        at=at,
        store=work.store,
    )
    return 1


def _file(work: GroupWork) -> str:
    region = next(iter(work.pack.regions))
    lines = [
        f"LIST-{row:03};{school_name(work.language, work.random)};{region};"
        f"{place_name(work.language, work.random)};{work.language};{row + 60}"
        for row in range(ROWS)
    ]
    return "\n".join(["code;name;region;locality;language;pupils", *lines])
