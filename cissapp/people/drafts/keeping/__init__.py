"""The store of drafts that `foundation.web.drafts` uses for the forms of every page."""

from collections.abc import Mapping
from uuid import UUID

from flask import Flask

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.form_drafts.rules import KeptDraft
from cissapp.foundation.web.drafts import page_drafts
from cissapp.people.drafts import queries, services


class RoomOfDrafts:
    """The drafts of this room, as the forms of all pages ask for them."""

    def of_page(self, person: Actor, page: str) -> list[KeptDraft]:
        """List the person's drafts of a page, the newest first."""
        if person.id is None:
            return []
        return [
            KeptDraft(one.id, one.form, one.version, one.fields, one.base, one.saved_at)
            for one in queries.drafts_of_page(person.id, page)
        ]

    def close(self, person: Actor, known: Mapping[UUID, int], page: str, hand: str) -> None:
        """Delete drafts of the person: these versions, and what this view of the page has saved."""
        if person.id is not None:
            services.close(person.id, known, page, hand)


def init_app(app: Flask) -> None:
    """Register this room as the draft store for every form."""
    page_drafts.init_app(app, RoomOfDrafts())
