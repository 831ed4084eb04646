"""The form of a message: a subject and a text in each language that its readers read."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import Form
from cissapp.review.messages.rules import BODY_MOST, SUBJECT_MOST, WrittenText


class MessageForm(Form):
    """A message; the fields of each language are added by `message_form`."""

    in_languages: tuple[str, ...] = ()

    with_steps = BooleanField(
        _l("Add what each school still needs, in the reader’s language"), default=True
    )

    def given(self) -> tuple[list[WrittenText], bool]:
        """Return the texts, empty where nothing was written, and whether to add what is missing."""
        texts = [
            WrittenText(code, self[f"subject_{code}"].data or "", self[f"body_{code}"].data or "")
            for code in self.in_languages
        ]
        return texts, bool(self.with_steps.data)


def _no_longer_than(most: int) -> Length:
    return Length(max=most, message=_l("Use at most %(most)s characters.", most=most))


def message_form(
    codes: Collection[str],
    written: Mapping[str, WrittenText] | None = None,
    *,
    with_steps: bool = True,
) -> MessageForm:
    """Build the form for readers of these languages, filled with what was written before.

    A language in which something was typed stays, too: its readers may be gone, but the text must not be.
    """
    known = dict.fromkeys([*codes, *languages.NAMES])
    fields: dict[str, Any] = {}
    for code in known:
        name = languages.NAMES.get(code, code)
        fields[f"subject_{code}"] = StringField(
            _l("Subject in %(language)s", language=name),
            [_no_longer_than(SUBJECT_MOST)],
            render_kw={"lang": code},
        )
        fields[f"body_{code}"] = TextAreaField(
            _l("Message in %(language)s", language=name),
            [_no_longer_than(BODY_MOST)],
            render_kw={"lang": code},
        )
    kind = type("MessageForm", (MessageForm,), fields)
    data: dict[str, Any] = {"with_steps": with_steps}
    for code, text in (written or {}).items():
        data |= {f"subject_{code}": text.subject, f"body_{code}": text.body}
    made: MessageForm = kind(data=data)
    made.in_languages = tuple(
        code
        for code in known
        if code in codes or made[f"subject_{code}"].data or made[f"body_{code}"].data
    )
    return made
