"""The page from which a head shares the certificate."""

import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from cissapp.certify.certificates import queries, services
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.roles import Role
from tests.client import main_text
from tests.factories import NOW
from tests.shipped import SHIPPED

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

PAGE = "/school/certificate/share"


def test_the_head_copies_a_snippet_that_works(client, sign_in, make):
    school = make.school(name="Lyceum No. 4", language="en")
    code = in_groups(make.certified(school).code)

    page = sign_in(make.manager(school)).get(PAGE).get_data(as_text=True)
    snippet = unescape(re.search(r"(?s)<textarea[^>]*>(.*?)</textarea>", page)[1])

    assert snippet == (
        f'<a href="http://ciss.example/verify/{code}">'
        f'<img src="http://ciss.example/badge/{code}.svg"'
        ' alt="CISS certificate: its status today" height="64" referrerpolicy="no-referrer">'
        "</a>"
    )
    paths = re.findall(r'http://ciss\.example([^"]+)"', snippet)
    assert [client.get(path).status_code for path in paths] == [200, 200]
    assert f'<img src="/badge/{code}.svg"' in page


def test_the_sentence_is_the_fixed_one_with_the_address(sign_in, make):
    school = make.school(language="en")
    certificate = make.certified(school)

    page = main_text(sign_in(make.manager(school)).get(PAGE)).replace("\u00a0", " ")

    assert "On 25 November 2026 ECPAT Moldova found that this school has" in page
    assert f"ciss.example/verify/{in_groups(certificate.code)}" in page
    assert SHIPPED.standard.certificate_texts["en"].not_meaning in page


def test_the_mail_has_the_address_in_it(sign_in, make):
    school = make.school(name="Liceul «Ion & Ana»")
    certificate = make.certified(school)

    page = sign_in(make.manager(school)).get(PAGE).get_data(as_text=True)
    parts = parse_qs(unescape(re.search(r'href="mailto:\?([^"]+)"', page)[1]))

    assert parts["subject"] == ["CISS certificate of Liceul «Ion & Ana»"]
    assert parts["body"][0].endswith(f"http://ciss.example/verify/{in_groups(certificate.code)}")


def test_what_is_not_in_force_is_not_shown(app, sign_in, make):
    school, other = make.school(), make.school()
    certificate = make.certified(school)
    with app.app_context(), unit_of_work():
        services.suspend(
            queries.certificate(certificate.id),
            reason="The designated person left.",
            cure_days=60,
            by=SYSTEM,
            at=NOW,
        )

    pages = [sign_in(make.manager(one)).get(PAGE) for one in (school, other)]

    assert ["There is nothing to show now." in main_text(page) for page in pages] == [True, True]
    assert ["textarea" in page.get_data(as_text=True) for page in pages] == [False, False]


def test_the_page_of_the_certificate_leads_here(sign_in, make):
    school = make.school()
    make.certified(school)

    page = sign_in(make.manager(school)).get("/school/certificate")

    assert f'href="{PAGE}"' in page.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECRETARIAT])
def test_who_has_no_school_has_no_such_page(sign_in, make, role: Role):
    assert sign_in(make.user(role)).get(PAGE).status_code == 404
