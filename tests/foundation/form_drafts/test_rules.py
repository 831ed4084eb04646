"""What of a draft still fits: nothing is lost, and nothing is poured over what somebody else wrote."""

from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.form_drafts.rules import Fit, differing, digest, fit

VALUES = st.lists(st.text(alphabet="ab\r\n ", max_size=3), max_size=2)
FIELDS = st.dictionaries(st.sampled_from(["level", "text", "pages", "old"]), VALUES)
NAMES = st.sampled_from(["level", "text", "pages"])


def digests(fields):
    return {name: digest(values) for name, values in fields.items()}


@given(kept=FIELDS, base=FIELDS, now=st.dictionaries(NAMES, VALUES))
def test_every_value_that_was_typed_has_a_place(kept, base, now):
    found = fit(kept, digests(base), digests(now))

    places = [*found.poured, *found.clashing, *found.homeless]
    assert len(places) == len(set(places))
    for name, values in kept.items():
        said, before = digest(values), digest(base.get(name, []))
        if said == before or said == digest(now.get(name, [])):
            assert name not in places or name in found.homeless
        else:
            assert name in places


@given(kept=FIELDS, base=FIELDS, now=st.dictionaries(NAMES, VALUES))
def test_only_a_field_that_nobody_changed_is_poured_into(kept, base, now):
    found = fit(kept, digests(base), digests(now))

    assert all(digest(now[name]) == digest(base.get(name, [])) for name in found.poured)
    assert all(digest(now[name]) != digest(base.get(name, [])) for name in found.clashing)


def test_what_became_of_each_field_is_told_apart():
    base = {"mine": ["old"], "both": ["old"], "theirs": ["old"], "same": ["old"], "gone": ["old"]}
    now = {"mine": ["old"], "both": ["new"], "theirs": ["new"], "same": ["said"]}
    kept = {
        "mine": ["said"],
        "both": ["said"],
        "theirs": ["old"],
        "same": ["said"],
        "gone": ["said"],
    }

    assert fit(kept, digests(base), digests(now)) == Fit(
        poured={"mine": ["said"]}, clashing={"both": ["said"]}, homeless={"gone": ["said"]}
    )


def test_line_ends_and_empty_fields_make_no_difference():
    assert digest(["a\r\nb"]) == digest(["a\nb"])
    assert digest([]) == digest([""]) == ""
    assert differing({"a": ["1"], "b": [""]}, {"a": ["2"], "c": ["x"]}) == ["a", "c"]
