"""What to look at first, what changed, and how a file in a bag is called."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.review.briefs.rules.changes import (
    ComparableSubmission,
    SubmissionChanges,
    compare_submissions,
)
from cissapp.review.briefs.rules.names import safe_name
from cissapp.review.briefs.rules.risks import (
    SHOWN,
    Claim,
    DocumentDates,
    MechanismCounts,
    NewestDrill,
    Point,
    Risk,
    RiskFacts,
    weightiest_points,
)

TODAY = date(2026, 11, 25)
SOUND = Claim("A1", critical=True, level=2, text_length=200, documents=1)
GOOD = RiskFacts(
    claims=[SOUND],
    papers=[DocumentDates("policy", date(2026, 9, 1), date(2028, 9, 1))],
    ways=MechanismCounts(3, 2, in_holidays=True),
    drill=NewestDrill(answered=True, in_time=True),
    staff_share=0.9,
    today=TODAY,
)


def claim(key: str, level: int | None, *, critical: bool = False, documents: int = 1) -> Claim:
    return replace(SOUND, criterion_id=key, level=level, critical=critical, documents=documents)


def test_a_sound_dossier_has_nothing_to_look_at():
    assert weightiest_points(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "point"),
    [
        ({"claims": [claim("A2", 1, critical=True)]}, Point(Risk.CRITICAL_LOW, ("A2",))),
        ({"claims": [replace(SOUND, documents=0)]}, Point(Risk.CRITICAL_THIN, ("A1",))),
        ({"claims": [replace(SOUND, text_length=79)]}, Point(Risk.CRITICAL_THIN, ("A1",))),
        ({"claims": [claim("C7", 0)]}, Point(Risk.LOW, ("C7",))),
        ({"claims": [claim("C7", 3)]}, Point(Risk.CLAIM_THIN, ("C7",))),
        (
            {"papers": [DocumentDates("p", None, TODAY - timedelta(days=1))]},
            Point(Risk.EXPIRED, ("p",)),
        ),
        ({"papers": [DocumentDates("p", None, TODAY)]}, Point(Risk.EXPIRING, ("p",))),
        ({"papers": [DocumentDates("p", date(2023, 11, 1))]}, Point(Risk.OLD, ("p",))),
        ({"ways": MechanismCounts(1, 2, in_holidays=True)}, Point(Risk.ONE_WAY)),
        ({"ways": MechanismCounts(3, 1, in_holidays=True)}, Point(Risk.FEW_TRAINED)),
        ({"ways": MechanismCounts(3, 2, in_holidays=False)}, Point(Risk.NO_HOLIDAYS)),
        ({"drill": None}, Point(Risk.NO_DRILL)),
        ({"drill": NewestDrill(answered=False, in_time=False)}, Point(Risk.DRILL_UNANSWERED)),
        ({"drill": NewestDrill(answered=True, in_time=False)}, Point(Risk.DRILL_LATE)),
        ({"staff_share": 0.49}, Point(Risk.STAFF_UNREAD)),
    ],
)
def test_each_risk_is_seen_alone(changed, point: Point):
    assert weightiest_points(replace(GOOD, **changed)) == [point]


@pytest.mark.parametrize(
    "changed",
    [
        {"claims": [claim("C7", None)]},
        {"claims": [claim("C7", 3, documents=2)]},
        {"papers": [DocumentDates("p", TODAY, TODAY + timedelta(days=90))]},
        {"papers": [DocumentDates("p")]},
        {"staff_share": None},
        {"staff_share": 0.5},
    ],
)
def test_what_is_no_risk_is_not_told(changed):
    assert weightiest_points(replace(GOOD, **changed)) == []


def test_the_largest_risks_come_first_and_the_lowest_level_leads():
    facts = RiskFacts(
        claims=[
            claim("A1", 1, critical=True),
            claim("B2", 0, critical=True),
            claim("C7", 0),
            claim("A3", 1, critical=True),
        ],
        papers=[DocumentDates("p", None, date(2026, 1, 1))],
        ways=MechanismCounts(1, 0, in_holidays=False),
        drill=None,
        staff_share=0.1,
        today=TODAY,
    )

    assert weightiest_points(facts) == [
        Point(Risk.CRITICAL_LOW, ("B2", "A1", "A3")),
        Point(Risk.ONE_WAY),
        Point(Risk.FEW_TRAINED),
    ]


claims = st.builds(
    Claim,
    criterion_id=st.sampled_from(["A1", "A2", "B1", "C1"]),
    critical=st.booleans(),
    level=st.none() | st.integers(0, 3),
    text_length=st.integers(0, 300),
    documents=st.integers(0, 3),
)
papers = st.builds(
    DocumentDates,
    key=st.sampled_from(["one", "two"]),
    evidence_on=st.none() | st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    expires_on=st.none() | st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)
facts = st.builds(
    RiskFacts,
    claims=st.lists(claims, max_size=6),
    papers=st.lists(papers, max_size=4),
    ways=st.builds(
        MechanismCounts, st.integers(0, 4), st.integers(0, 4), in_holidays=st.booleans()
    ),
    drill=st.none() | st.builds(NewestDrill, answered=st.booleans(), in_time=st.booleans()),
    staff_share=st.none() | st.floats(0, 3),
    today=st.just(TODAY),
)


@given(facts)
def test_never_more_than_three_in_the_order_of_their_weight_each_once(some: RiskFacts):
    order = list(Risk)
    places = [order.index(one.risk) for one in weightiest_points(some)]

    assert len(places) <= SHOWN
    assert places == sorted(set(places))


@given(facts)
def test_a_critical_criterion_below_level_two_is_always_the_first_thing(some: RiskFacts):
    low = [one for one in some.claims if one.critical and one.level is not None and one.level < 2]
    points = weightiest_points(some)

    assert bool(low) == bool(points and points[0].risk is Risk.CRITICAL_LOW)


def test_changes_are_told_by_document_and_by_criterion():
    before = ComparableSubmission(
        {"a": "1", "b": "2", "gone": "3"}, {"A1": 1, "A2": 2, "A3": None}, "x"
    )
    now = ComparableSubmission(
        {"a": "1", "b": "9", "new": "4"}, {"A1": 2, "A2": 1, "A3": 0, "A4": 2}, "y"
    )

    assert compare_submissions(before, now) == SubmissionChanges(
        documents_new=("new",),
        documents_changed=("b",),
        documents_gone=("gone",),
        raised=("A1", "A3", "A4"),
        lowered=("A2",),
        mechanism=True,
    )
    assert compare_submissions(now, now) == SubmissionChanges((), (), (), (), (), mechanism=False)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("policy.pdf", "policy.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute", "absolute"),
        ("Політика школи №1.docx", "Політика_школи_1.docx"),
        ("e\u0301cole.pdf", "école.pdf"),
        ("con.pdf", "_con.pdf"),
        ("a\nb\r.pdf", "a_b.pdf"),
        ("...", "file"),
        ("", "file"),
        ("%0a%2e%2e.pdf", "0a_2e_2e.pdf"),
    ],
)
def test_a_name_in_a_bag_is_safe(raw: str, name: str):
    assert safe_name(raw) == name


@given(st.text(max_size=300))
def test_a_name_in_a_bag_never_leads_out_of_it(raw: str):
    name = safe_name(raw)

    assert name
    assert not name.startswith(".")
    assert ".." not in name
    assert not set(name) & set('/\\:*?"<>|%\r\n\0 ')
    assert unicodedata.is_normalized("NFC", name)
    assert len(name.encode()) <= 100
