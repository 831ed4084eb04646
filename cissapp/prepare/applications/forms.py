"""The forms of applications."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from cissapp.foundation.web.forms import Form


class SubmitForm(Form):
    """The statement that goes with a submission; the rules know whether it must be signed."""

    statement = BooleanField(
        _l(
            "I sign on behalf of the school. What this application says is true. It contains no data about children. The school agrees to a visit or a video interview."
        )
    )

    def given(self) -> bool:
        """Return whether the statement is signed."""
        return bool(self.statement.data)
