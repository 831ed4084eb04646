"""Writes of the letterhead of a national group: who signs, the address for letters, the logo."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.form_drafts.services import reread_unchanged
from cissapp.foundation.intake import DrawnLogo, draw_logo
from cissapp.foundation.safeguards import pictures
from cissapp.people.schools import queries
from cissapp.people.schools.models import GroupLogo, Letterhead, NationalGroup
from cissapp.people.schools.rules import LetterheadText, letterhead_problems, logo_key

PERSON_SHOWN = N_(
    "The picture seems to show a person. A logo on a certificate must not show people."
)
NOT_SEARCHED = N_("We could not check the picture just now. Send it again.")


class DamagedLogo(Exception):
    """The file of a logo is missing, or is not the one that was stored."""


def examine_logo(content: bytes) -> DrawnLogo:
    """Redraw an uploaded logo and search it for people; raise `Refused` (field `logo`) or `Busy`.

    It takes a second: call it before anything is written.
    """
    drawn = draw_logo(content)
    found = pictures.search_for_people(drawn.content, pictures.Family.PICTURE)
    if found.people:
        raise Refused(Problem("logo", PERSON_SHOWN))
    if not found.whole:
        raise Refused(Problem("logo", NOT_SEARCHED))
    return drawn


def save_letterhead(
    group: NationalGroup,
    text: LetterheadText,
    *,
    logo: DrawnLogo | GroupLogo | None,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> Letterhead:
    """Store what a group has on its letterhead: a new logo, the one that is there, or none."""
    if problems := letterhead_problems(text):
        raise Refused(*problems)
    row = queries.letterhead(group.id)
    if row is None:
        row = Letterhead(group_id=group.id)
    else:
        reread_unchanged(row, text.__struct_fields__)
    row.signatory_name, row.signatory_office = text.signatory_name, text.signatory_office
    row.address = "\n".join(text.lines)
    row.logo = _stored(logo, store, at=at) if logo else None
    row.changed_at, row.changed_by_id = at, by.id
    session.add(row)
    session.flush()
    said: dict[str, Any] = {"signatory": bool(row.signatory_name), "logo": row.logo_sha256}
    record(Event.LETTERHEAD_CHANGED, row, by=by, at=at, **said)
    session.flush()
    return row


def read_logo(sha256: str, store: FileStore) -> bytes:
    """Read a logo, only as it was kept; raise `DamagedLogo`, if it is gone or was changed."""
    try:
        content = store.get(logo_key(sha256))
    except OSError as error:
        raise DamagedLogo(f"the logo {sha256} cannot be read") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedLogo(f"the logo {sha256} was changed")
    return content


def logo_for_papers(group_id: UUID, store: FileStore) -> bytes | None:
    """Read a group's current logo; None if it has none or it is damaged, so that papers are still made."""
    found = queries.letterhead(group_id)
    if found is None or found.logo_sha256 is None:
        return None
    try:
        return read_logo(found.logo_sha256, store)
    except DamagedLogo:
        return None


def _stored(logo: DrawnLogo | GroupLogo, store: FileStore, *, at: datetime) -> GroupLogo:
    """Return the row of a logo; store its file first if it is new."""
    if isinstance(logo, GroupLogo):
        return logo
    sha256 = hashlib.sha256(logo.content).hexdigest()
    row = session.get(GroupLogo, sha256)
    if row is None:
        key = logo_key(sha256)
        # The file may exist already after a rolled-back change; it is named after its content.
        store.replace(key, logo.content)
        row = GroupLogo(
            sha256=sha256, file_key=key, width=logo.width, height=logo.height, stored_at=at
        )
        session.add(row)
    return row
