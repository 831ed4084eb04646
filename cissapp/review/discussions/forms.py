"""The forms of comments: begin a thread, answer."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from cissapp.foundation.web.forms import Form
from cissapp.review.discussions.rules import AUDIENCE_NAMES, Audience

COMMENT_MARKS = 4000
PAGES = 2000


class CommentForm(Form):
    """A comment in an existing thread."""

    text = TextAreaField(
        _l("Your comment"),
        [DataRequired(_l("Write a comment.")), Length(max=COMMENT_MARKS)],
        description=_l("You cannot change it later. Do not name any child or describe any case."),
    )

    def given(self) -> str:
        """Return the text."""
        return self.text.data or ""


class NewComment(Struct, frozen=True):
    """The first comment of a thread: who reads it, its text, and the page it is about, if any."""

    audience: Audience
    text: str
    page: int | None


class NewThreadForm(CommentForm):
    """The first comment of a thread. No audience is preselected."""

    audience = RadioField(
        _l("Who can read this?"), [InputRequired(_l("Choose who can read this."))]
    )
    page = IntegerField(
        _l("Page"),
        [Optional(), NumberRange(1, PAGES, _l("Enter a page number of 1 or more."))],
    )

    def ask(self) -> None:
        """Offer the choice of who reads it."""
        self.audience.choices = [(one.value, _(AUDIENCE_NAMES[one])) for one in Audience]

    def given_new(self) -> NewComment:
        """Return who reads it, the text and the page."""
        return NewComment(Audience(self.audience.data), self.given(), self.page.data)
