"""Static files on the way: packed for who takes it, whole for others."""

import gzip

import pytest
from flask import Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.web.assets import STATIC, packed_page

STYLE = "/static/css/ciss.css"


def style(client, encoding: str):
    return client.get(STYLE, headers={"Accept-Encoding": encoding}, buffered=True)


def test_a_style_is_sent_packed_and_is_the_same(client):
    answer = style(client, "gzip")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.data) == (STATIC / "css/ciss.css").read_bytes()
    assert int(answer.headers["Content-Length"]) == len(answer.data) < 20_000


@pytest.mark.parametrize("encoding", ["", "br", "gzip;q=0"])
def test_who_does_not_take_it_gets_it_whole(client, encoding):
    answer = style(client, encoding)

    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "css/ciss.css").read_bytes()


def test_both_are_known_by_marks_of_their_own_and_asked_for_once(client):
    whole, packed = (style(client, encoding) for encoding in ("", "gzip"))

    assert whole.headers["ETag"] != packed.headers["ETag"]


def page(app, **headers: str):
    """Ask by a browser that reads nothing: ours looks at each page as text."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return FlaskClient(app, Response).get("/sign-in", headers=named)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_is_sent_packed_where_no_other_site_asks(app, site):
    answer = page(app, Accept_Encoding="gzip", Sec_Fetch_Site=site)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert {"Accept-Encoding", "Sec-Fetch-Site", "Cookie"} <= set(answer.vary)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert b"</html>" in gzip.decompress(answer.data)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_a_page_that_another_site_may_have_asked_for_is_never_packed(app, site):
    asked = {"Sec_Fetch_Site": site} if site else {}
    answer = page(app, Accept_Encoding="gzip", **asked)

    assert "Content-Encoding" not in answer.headers
    assert "Sec-Fetch-Site" in answer.vary


def test_who_takes_no_gzip_gets_the_page_whole(app):
    assert "Content-Encoding" not in page(app, Sec_Fetch_Site="same-origin").headers


def test_the_length_of_a_packed_page_tells_little():
    lengths = {len(packed_page(b"The same page. " * 300)) for _ in range(40)}

    assert len(lengths) > 5


@given(st.binary(max_size=5000))
def test_a_packed_page_is_the_page(content):
    assert gzip.decompress(packed_page(content)) == content
