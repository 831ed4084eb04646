"""The form of a group's letterhead."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from cissapp.foundation.intake.logos import LARGEST, TOO_LARGE
from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.people.schools.rules import (
    ADDRESS_LINE_MOST,
    ADDRESS_LINES,
    SIGNATORY_MOST,
    LetterheadText,
)


class LetterheadForm(SharedForm):
    """Who signs for a group, its address for letters, and its logo."""

    exempt = {"signatory_name": "the name of an adult, who signs for a group in office"}

    signatory_name = StringField(
        _l("Name of the person who signs"),
        [Length(max=SIGNATORY_MOST, message=_l("Use at most %(most)s characters.", most=80))],
        description=_l("It will be printed on every certificate the group issues from now on."),
        render_kw={"autocomplete": "off", "maxlength": SIGNATORY_MOST},
    )
    signatory_office = StringField(
        _l("Job title"),
        [Length(max=SIGNATORY_MOST, message=_l("Use at most %(most)s characters.", most=80))],
        description=_l("For example: Director. Use the language of the certificates."),
        render_kw={"autocomplete": "off", "maxlength": SIGNATORY_MOST},
    )
    address = TextAreaField(
        _l("Address of the group, for letters"),
        [Length(max=ADDRESS_LINES * (ADDRESS_LINE_MOST + 2))],
        description=_l(
            "Up to five lines, one of them an email address or a phone number for questions. It appears at the top of letters to schools, and their people find it under “How this works”."
        ),
    )
    logo = FileField(
        _l("Logo of the group"),
        description=_l(
            "PNG or JPEG, up to 2 MB, on a white or transparent background. We crop blank margins. No pictures of people."
        ),
        render_kw={
            "accept": ".png,.jpg,.jpeg",
            "data-most": LARGEST,
            "data-too-large": _l(TOO_LARGE),
        },
    )
    remove_logo = BooleanField(_l("Remove the logo and print only the group’s name"))

    def given(self) -> LetterheadText:
        """Return what was typed."""
        return LetterheadText(
            self.signatory_name.data or "",
            self.signatory_office.data or "",
            self.address.data or "",
        )

    def sent_logo(self) -> bytes | None:
        """Return the file that was sent; None, if there was none."""
        return self.logo.data.read() if self.logo.data and self.logo.data.filename else None
