"""Packs what is held of a person into one file for the person."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from msgspec.structs import asdict

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.oversee.personal_data.queries.exports import HeldRows
from cissapp.people.accounts.models import User

FORMAT = "ciss-personal-data-1"


def pack(held: Sequence[HeldRows], page: str, *, at: datetime) -> bytes:
    """Write a ZIP with `data.json` for programs and `data.html` for people."""
    moment = at.astimezone(UTC)
    document = {"format": FORMAT, "made_at": moment.isoformat(), "tables": [*map(asdict, held)]}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in (
            ("data.html", page),
            ("data.json", json.dumps(document, ensure_ascii=False, indent=1)),
        ):
            archive.writestr(ZipInfo(name, moment.timetuple()[:6]), text.encode(), ZIP_DEFLATED)
    return out.getvalue()


def record_export(person: User, *, at: datetime) -> None:
    """Record that a person downloaded their own data."""
    record(Event.DATA_EXPORTED, person, by=person, at=at, school_id=person.school_id)
