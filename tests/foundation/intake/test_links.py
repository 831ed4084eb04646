"""Where a link may lead."""

import pytest

from cissapp.foundation.intake import links


@pytest.mark.parametrize(
    "target",
    ["https://ecpat.org", "HTTP://a.example/?a=b#c", "mailto:a@b.example?subject=a", "tel:+380116111", "#place", "",
     "www.ecpat.org/a", "help@school.example", " https://a.example ", "http://"],
)  # fmt: skip
def test_these_are_allowed(target: str):
    assert links.is_allowed(target)


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JaVaScRiPt:1", "java\nscript:1", "\x01https://a.example", "file:///a", "//host/a", "\\\\host\\a", "a.pdf",
     "../a", "http:a", "http:///a", "https://\\host", "mailto:a@b.example?Attach=c", "data:a", "www.a\\b", "ms-word:a", "java%73cript:1",
     "https://a.example/\u202egpj.exe", "tel:javascript"],
)  # fmt: skip
def test_these_are_not(target: str):
    assert not links.is_allowed(target)


@pytest.mark.parametrize(("target", "leads"), [
    ("Pictures/a.png", False), ("./a.png", False), ("../a.png", True), ("a/../../b", True), ("http://a", True), ("//a", True),
    ("\\\\a", True), ("file:a", True), ("a\\..\\b", True), ("..a", False), ("ht\ntp:a", True),
])  # fmt: skip
def test_what_leaves_the_package(target: str, leads: bool):
    assert links.leads_outside(target) is leads
