"""Which forms and fields have no drafts, each with its reason; every other form has them."""

from typing import Any

from flask_wtf.file import FileField as SentFile
from wtforms import Field, fields

from cissapp.foundation.web.forms import Form

# Names of forms; their subclasses are excluded too.
EXCLUDED: dict[str, str] = {
    "SignInForm": "nobody is signed in yet, and a password is never kept",
    "JoinForm": "nobody is signed in yet, and a password is never kept",
    "ResetRequestForm": "nobody is signed in",
    "ResetForm": "a password is never kept",
    "CertificateCodeForm": "a public check: nothing of it is kept, of nobody",
    "SentFileForm": "a public check: nothing of it is kept, of nobody",
    "PlaceForm": "a search, which stands in the address of its page",
    "SchoolSearchForm": "a search, which stands in the address of its page",
    "QueueFilterForm": "a search, which stands in the address of its page",
    "PanelForm": "ticks and a search, which is nothing that anybody wrote",
    "AttemptForm": "an answer of a quiz is saved at once, on the device too, and has its own receipt",
    "PupilForm": "a pupil answers four questions: nothing of it is kept, of nobody",
    "CheckedDecisionForm": "answers that are only shown; the form that they were typed into has the draft",
}
# Values of an address that choose what is shown beside a form, not what the form is about.
BESIDE = {
    *("document", "whole", "saved", "new", "old", "in", "after", "before"),
    *("page", "shape", "search", "show", "follow"),  # what is open on the reviewer's desk
    *("name", "reviewer"),  # which people were searched for
    *("order", "from"),  # in which order criteria are answered; the lesson one came from
}
# Fields whose initial value changes by itself: the time of day.
SUGGESTED = {"moment"}
# Files cannot be put back into a field; hidden values belong to the current page.
NEVER: tuple[type[Field], ...] = (
    fields.PasswordField,
    fields.FileField,
    fields.MultipleFileField,
    SentFile,
    fields.HiddenField,
    fields.SubmitField,
)


def reason_of(form: type[Any]) -> str | None:
    """Return why a kind of form has no drafts; None, if it may have them."""
    return next((EXCLUDED[one.__name__] for one in form.__mro__ if one.__name__ in EXCLUDED), None)


def is_kept(field: Field) -> bool:
    """Return whether a draft holds this field; a checkbox that confirms something must be ticked again."""
    if isinstance(field, NEVER) or getattr(field.widget, "input_type", "") == "hidden":
        return False
    return not (isinstance(field, fields.BooleanField) and field.flags.required)


def has_drafts(form: Form) -> bool:
    """Return whether a form has drafts: a long text, at least two fields besides checkboxes, or several writers."""
    if reason_of(type(form)):
        return False
    kept = [one for one in form if is_kept(one)]
    long = any(isinstance(one, fields.TextAreaField) for one in kept)
    return (
        long
        or (form.is_shared and bool(kept))
        or sum(not isinstance(one, fields.BooleanField) for one in kept) > 1
    )
