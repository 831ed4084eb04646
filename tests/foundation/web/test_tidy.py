"""What is kept of a typed text."""

from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import FileField, IntegerField
from wtforms.validators import NumberRange

from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import TYPED, Form, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202a+380 44 123 45 67\u202c", "+380 44 123 45 67"),
        ("\ufeffLyceum\u200b No. 4\u2069", "Lyceum No. 4"),
        ("\u202egpj.exe", "gpj.exe"),
        ("  line\r\nline\x07  ", "line\nline"),
        ("e\u0301cole", "école"),
        (None, None),
    ],
)
def test_text_is_kept_without_what_nobody_sees(typed, kept):
    assert tidy(typed) == kept


@pytest.mark.parametrize("kind", sorted(TYPED, key=lambda one: one.__name__))
def test_no_typed_text_reaches_a_database_with_a_null_character(app, kind):
    class TypedForm(Form):
        text = kind("Text")

    with app.test_request_context():
        form = TypedForm(MultiDict({"text": " a\0b\u202e "}))

    assert form.text.data == "ab"


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("kind", sorted({*TYPED, Ticks}, key=lambda one: one.__name__))
def test_a_file_or_a_value_of_json_is_no_text(app, kind):
    class TypedForm(Form):
        text = kind("Text")
        picture = FileField("Picture")

    sent = {"text": (BytesIO(b"no text"), "x.txt"), "picture": (BytesIO(b"a picture"), "x.png")}
    with app.test_request_context(method="POST", data=sent):
        form = TypedForm()
        of_files = form.text.data or None, form.picture.data.read()
    with app.test_request_context(method="POST", json={"text": 7}):
        of_json = TypedForm().text.data or None

    assert (of_files, of_json) == ((None, b"a picture"), None)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(("typed", "is_good"), [("40", True), ("-1", False), ("9" * 400, False)])
def test_a_number_of_any_length_is_held_against_its_range(app, typed, is_good):
    class TypedForm(Form):
        pupils = IntegerField("Pupils", [NumberRange(0, 99)])

    with app.test_request_context(method="POST", data={"pupils": typed}):
        form = TypedForm()

        assert (form.validate(), form.pupils._value()) == (is_good, typed)
