"""`docs/who-may-what.md`: its two tables are those of the code."""

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.roles import Role
from cissapp.people.handover.rules.powers import POWERS
from config import ROOT

DOCUMENT = ROOT / "docs/who-may-what.md"
OF_GROUP = (Role.COORDINATOR, Role.REVIEWER, Role.GUEST)


def rights() -> str:
    """What people of a group may, and how far."""
    lines = ["| right | coordinator | reviewer | guest |", "|---|---|---|---|"]
    for permission in Permission:
        scopes = [MATRIX[permission].get(role) for role in OF_GROUP]
        if any(scopes):
            cells = [scope.__name__.replace("_", " ") if scope else "" for scope in scopes]
            lines.append(f"| `{permission.value}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def powers() -> str:
    """Which acts weigh much, how they are shared, and who learns of them."""
    lines = ["| what happened | shared by | who learns of it |", "|---|---|---|"]
    for power in POWERS.values():
        others = ", ".join(sorted(power.others))
        shared = power.sharing.value.replace("_", " ")
        lines.append(f"| {power.title} | {shared} | {others} |")
    return "\n".join(lines)


def test_the_tables_are_those_of_the_code():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert rights() in text
    assert powers() in text
