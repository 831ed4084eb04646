"""The form for the dates of a version."""

from flask_babel import lazy_gettext as _l
from msgspec.structs import asdict
from wtforms import DateField
from wtforms.validators import Optional

from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules.dates import EvidenceDates
from cissapp.prepare.documents.services import dates_of


def _day(label: str, hint: str | None = None) -> DateField:
    return DateField(label, [Optional()], description=hint or "")


class EvidenceDatesForm(SharedForm):
    """Asks when a version was made, what period it covers, and when it expires."""

    evidence_on = _day(
        _l("Date of the document"),
        _l("The date on it: when it was decided, signed or written. Not the day of the upload."),
    )
    covers_from = _day(
        _l("Covers the period from"), _l("For a record or report: the first day it covers.")
    )
    covers_to = _day(_l("Covers the period to"), _l("The last day it covers."))
    expires_on = _day(
        _l("Valid until"),
        _l("The last day it is valid. We will tell you 60 and 14 days before."),
    )

    @classmethod
    def of(cls, version: DocumentVersion) -> "EvidenceDatesForm":
        """Build the form of a version."""
        return cls(data=asdict(dates_of(version)))

    def given(self) -> EvidenceDates:
        """Return the dates."""
        return EvidenceDates(
            self.evidence_on.data, self.covers_from.data, self.covers_to.data, self.expires_on.data
        )
