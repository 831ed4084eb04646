"""The demonstration shows a confirmed document and one that was taken out."""

from typing import Any

import pytest
from sqlalchemy import select

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards.models import Confirmation, Removal
from cissapp.foundation.safeguards.rules import TOMBSTONE, RemovalReason
from cissapp.operate.demo.schools import people, removals, stories
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.demo.schools.wording import in_language
from cissapp.prepare.documents.models import DocumentVersion
from tests.factories import NOW


@pytest.mark.one_database("sqlite")
def test_the_first_school_under_review_has_both(app: Any) -> None:
    with app.app_context():
        stage = people.StoryContext(Issuer(content(), app.config["CISS"], files()), NOW)
        people.set_up(stage)
        tale = next(
            one
            for one in stories.tales(NOW)
            if one.state is DemoState.IN_REVIEW and one.first_in_its_state
        )
        stories.tell(stage, tale)

        removed = session.scalars(
            select(DocumentVersion).where(DocumentVersion.file_key.is_(None))
        ).one()
        assert (removed.document.title, removed.file_name, removed.text) == (
            in_language(removals.LOG, "ro"),
            TOMBSTONE,
            "",
        )
        assert session.scalars(select(Removal.reason)).all() == [RemovalReason.CASE_FILE]
        confirmed = session.scalars(select(Confirmation)).one()
        version = session.get(DocumentVersion, confirmed.subject_id)
        assert version is not None
        assert version.document.title == in_language(removals.PLAN, "ro")
