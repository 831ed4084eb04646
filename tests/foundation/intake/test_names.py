"""Names of files: safe to show, never empty."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.intake import display_name
from cissapp.foundation.intake.names import ending


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("policy.pdf", "policy.pdf"),
        ("Політика безпеки 2026.docx", "Політика безпеки 2026.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\policy.pdf", "policy.pdf"),
        ("\\\\host\\share\\policy.pdf", "policy.pdf"),
        ("policy.pdf\0.exe", "policy.pdf.exe"),
        ("a\r\nSet-Cookie: a.pdf", "a Set-Cookie_ a.pdf"),
        ("policy\u202efdp.exe", "policyfdp.exe"),
        ("\u200bpoli\u00adcy\ufeff.pdf", "policy.pdf"),
        ("й.pdf", "й.pdf"),
        ('a"b<c>|d?*.pdf', "a_b_c__d__.pdf"),
        ("  .hidden..pdf. ", "hidden.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("", "document"),
        ("...", "document"),
        ("\u202e", "document"),
        ("a/", "document"),
        ("a\ud800b.pdf", "ab.pdf"),
        ("x" * 5_000 + ".docx", "x" * 115 + ".docx"),
        ("x" * 5_000, "x" * 120),
        ("a." + "x" * 5_000, "a." + "x" * 118),
        ("plan & policy;v2 100%.pdf", "plan & policy;v2 100%.pdf"),
        ("\uff0e\uff0e\uff0fetc\uff0fpasswd", "___etc_passwd"),
        ("\u2024\u2024\u2215a.pdf", "__∕a.pdf"),
        ("a\u2026b.pdf", "a_b.pdf"),
        ("policy\uff0eexe.pdf", "policy_exe.pdf"),
        ("ж" * 5_000 + ".docx", "ж" * 97 + ".docx"),
        ("ж" * 5_000, "ж" * 100),
        ("𝔄" * 60 + ".pdf", "𝔄" * 49 + ".pdf"),
    ],
)
def test_a_name_is_shown_safely(raw: str, shown: str):
    assert display_name(raw) == shown


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("policy.PDF", "pdf"), ("policy.pdf.exe", "exe"), ("policy", ""), ("a.b.OdT ", "odt"), (".pdf", ""),
        ("policy.pdf::$DATA", "pdf__$data"), ("policy.pdf/", ""), ("policy.docx.", "docx"),
    ],
)  # fmt: skip
def test_the_ending_is_read_from_the_safe_name(raw: str, says: str):
    assert ending(raw) == says


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one_and_stays_it(raw: str):
    shown = display_name(raw)

    assert 0 < len(shown) <= 120
    assert len(shown.encode()) <= 200
    assert not set("/\\") & set(unicodedata.normalize("NFKC", shown))
    assert not any(sign in shown for sign in '/\\<>:"|?*')
    assert not any(unicodedata.category(sign)[0] == "C" for sign in shown)
    assert shown == unicodedata.normalize("NFC", shown).strip(" .")
    assert display_name(shown) == shown
