"""Codes, and what of a contact can be tapped."""

import pytest

from cissapp.prepare.reporting_page.rules import SIGNS, fold_code, linked, new_code, shown_parts


def test_a_code_has_no_signs_that_look_alike_and_is_read_however_it_is_typed():
    code = new_code()

    assert len(code) == 8
    assert set(code) <= set(SIGNS)
    assert not set("01ilo") & set(SIGNS)
    assert fold_code(f" {code[:4].upper()}-{code[4:]}") == code


@pytest.mark.parametrize(
    ("contact", "addresses"),
    [
        ("room 7", []),
        ("room 7, 9:00-15:00", []),
        ("room 7, 022 123 456 or a@b.md", ["tel:022123456", "mailto:a@b.md"]),
        ("+373 (22) 12-34-56", ["tel:+37322123456"]),
        ("112", ["tel:112"]),
        ("116 111, 0 800 500 225", ["tel:116111", "tel:0800500225"]),
        ("кабінет 12", []),
    ],
)
def test_numbers_and_mail_addresses_can_be_tapped(contact, addresses):
    pieces = linked(contact)

    assert "".join(text for text, _ in pieces) == contact
    assert [address for _, address in pieces if address] == addresses


def test_parts_stand_in_the_order_of_the_page():
    assert [one.value for one in shown_parts(["staff", "x", "pupils"])] == ["pupils", "staff"]
