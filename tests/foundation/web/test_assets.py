"""Static files on the way: packed for who takes it, whole for others."""

import gzip

import pytest

from cissapp.foundation.web.assets import STATIC

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


def test_pages_with_tokens_are_never_packed(client):
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers
