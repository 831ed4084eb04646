"""Who signs for the group and its logo: printed from the facts, as they were when it was decided."""

import json
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest

from cissapp.certify.certificates.document import pdf, signing
from cissapp.certify.certificates.document.facts import Signatory, read_facts
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import in_groups
from cissapp.certify.credentials import queries as credentials
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import canonical, session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.operate.demo.schools.logos import draw_invented_logo
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup
from cissapp.people.schools.rules import LetterheadText, logo_key
from tests.certify.certificates.specimen import SCHOOLS, facts, words
from tests.certify.certificates.test_pdf import needs, run, squeezed
from tests.factories import NOW

LOGO = draw_invented_logo()
HASH = sha256(LOGO.content).hexdigest()
LONG = {
    "ro": "Maria-Alexandrina Constantinescu-Brâncoveanu, doctor în științe ale educației",
    "uk": "Володимира-Святослава Костянтинопольська-Нечуй-Левицька, кандидатка пед. наук",
}


def test_facts_from_before_name_nobody_and_keep_their_text():
    raw = json.loads(facts().text())
    del raw["signatory"], raw["logo_sha256"]
    text = canonical({**raw, "format": "ciss-certificate-3"})

    known = read_facts(text)

    assert (known.signatory, known.logo_sha256, known.text()) == (None, None, text)


@pytest.mark.parametrize("language", SCHOOLS)
@needs("pdftotext")
def test_the_longest_names_are_printed_and_the_same_facts_give_the_same_bytes(tmp_path, language):
    said = (LONG.get(language) or LONG["uk"]).ljust(80, "x")[:80]
    known = facts(language, signatory=Signatory(said, said), logo_sha256=HASH)
    path = tmp_path / "certificate.pdf"

    path.write_bytes(pdf.draw_page(known, words(known), LOGO.content))

    assert path.read_bytes() == pdf.draw_page(known, words(known), LOGO.content)
    assert read_facts(pdf.facts_in(path.read_bytes()) or "") == known
    text = squeezed(run("pdftotext", path, "-")).replace(" ", "")
    assert text.count(said.replace(" ", "")) == 2


def test_the_logo_has_no_transparency_and_is_no_part_of_the_text():
    known = facts(logo_sha256=HASH)
    with pikepdf.open(BytesIO(pdf.draw_page(known, words(known), LOGO.content))) as opened:
        (picture,) = opened.pages[0].Resources.XObject.values()
        drawing = opened.pages[0].Contents.read_bytes()

    assert (picture.ColorSpace, picture.get("/SMask"), picture.get("/Mask")) == (
        "/DeviceRGB",
        None,
        None,
    )
    before = drawing[: drawing.index(b" Do")]
    assert before.rindex(b"/Artifact") > before.rindex(b"EMC")


def enter(app, group_id, name: str = "Olga Rusu") -> None:
    with app.app_context(), unit_of_work():
        schools.save_letterhead(
            session.get_one(NationalGroup, group_id),
            LetterheadText(name, "Director"),
            logo=LOGO,
            store=files(),
            by=SYSTEM,
            at=NOW,
        )


def test_what_was_printed_stays_when_the_letterhead_changes(app, make, client):
    school = make.school()
    enter(app, school.group_id)
    certificate = make.certified(school)
    enter(app, school.group_id, "Somebody else")

    known = read_facts(certificate.facts)
    with app.app_context():
        own = make.issuer()
        again = signing.draw_certificate(known, own)
        issued = register_checks.stored_file(certificate, files())
        credential = credentials.of_certificate(certificate.id)

    assert (known.signatory, known.logo_sha256) == (Signatory("Olga Rusu", "Director"), HASH)
    assert issued.startswith(again[:1000])
    page = client.get(f"/verify/{in_groups(known.code)}").get_data(as_text=True)
    public = f"{page} {credential and (credential.text, credential.jwt)}"
    assert "Olga" not in public


@pytest.mark.one_database("sqlite")
def test_a_logo_that_nobody_can_read_stops_the_decision_with_a_sentence(app, make):
    school = make.school()
    enter(app, school.group_id)
    with app.app_context():
        files().replace(logo_key(HASH), b"something else")

    with pytest.raises(Refused, match="logo"):
        make.certified(school)
