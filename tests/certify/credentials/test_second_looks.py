"""The look at each certificate after it was issued: what is bad is named each day, until it is out of force."""

import pytest
from msgspec.structs import replace

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.credentials import queries
from cissapp.certify.credentials.models import Credential
from cissapp.certify.credentials.services import credential_issuer, examine_issued, second_looks
from cissapp.certify.credentials.services.second_looks import BadCertificates
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from tests.certify.certificates.reservations import SOON
from tests.certify.certificates.specimen import ring


def look(ring=None) -> int:
    issuer = credential_issuer()
    return examine_issued(files(), issuer=replace(issuer, ring=ring or issuer.ring), at=SOON)


def test_each_certificate_is_looked_at_once(app, make, monkeypatch):
    monkeypatch.setattr(second_looks, "AT_ONCE", 2)
    for _ in range(3):
        make.certified()
    make.reserved()

    with app.app_context():
        assert [look() for _ in range(3)] == [2, 1, 0]
    make.certified()
    with app.app_context():
        assert [look(), look()] == [1, 0]
        ahead = f'{{"format": "ciss-examined-1", "last": {10**6}, "bad": []}}'
        for kept in ("{}", ahead):
            files().replace(second_looks.KEY, kept.encode())
            assert [look(), look(), look()] == [2, 2, 0]


@pytest.mark.one_database("sqlite")
def test_a_bad_one_is_named_each_day_until_it_is_out_of_force(app, make, caplog):
    make.certified()
    bad = make.certified()
    with app.app_context():
        files().replace(bad.file_key, files().get(bad.file_key)[:-1])

        assert look() == 2
        for _day in range(2):
            with pytest.raises(BadCertificates, match="1 certificate failed"):
                look()
        assert caplog.text.count(f"certificate {bad.number}: the file was changed") == 3

        with unit_of_work():
            again = session.get_one(Certificate, bad.id)
            certificates.withdraw(again, reason="Its file is damaged.", by=SYSTEM, at=SOON)
        assert look() == 0


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    "changes", [{"text": ("level 2", "level 3")}, {"jwt": (".", ".e")}, {"key_id": ("20", "21")}]
)
def test_a_credential_is_looked_at_by_the_library_in_both_forms(app, make, monkeypatch, changes):
    certificate = make.certified()
    with app.app_context():
        row = queries.of_certificate(certificate.id)
        kept = {name: getattr(row, name) for name in ("text", "jwt", "key_id", "made_at")}
        changed = {name: kept[name].replace(*change, 1) for name, change in changes.items()}
        monkeypatch.setattr(queries, "of_certificate", lambda _id: Credential(**kept | changed))

        assert look() == 1
        with pytest.raises(BadCertificates):
            look()
        monkeypatch.setattr(queries, "of_certificate", lambda _id: Credential(**kept))
        assert look() == 0


@pytest.mark.one_database("sqlite")
def test_what_another_key_signed_is_bad(app, make, tmp_path, caplog):
    certificate = make.certified()
    with app.app_context():
        other = ring(tmp_path, organisation="ECPAT for tests")

        assert look(other) == 1
        assert f"certificate {certificate.number}: its signature is not valid" in caplog.text
