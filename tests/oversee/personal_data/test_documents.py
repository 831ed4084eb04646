"""The documents say what the map and the content say."""

import pytest
from msgspec.structs import replace

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.packs import retention_in
from cissapp.foundation.content.schema import FactState
from cissapp.oversee.personal_data.rules.columns import Purpose
from cissapp.oversee.personal_data.rules.record import record_of_processing
from cissapp.oversee.personal_data.rules.retention import RetentionRule
from cissapp.oversee.personal_data.rules.summaries import KINDS
from cissapp.oversee.personal_data.rules.tables import TABLES
from config import ROOT

DOCS = ROOT / "docs"


def test_the_record_of_processing_is_the_one_of_the_map():
    text = (DOCS / "record-of-processing.md").read_text(encoding="utf-8")

    assert text.partition("<!-- made by: ciss retention --record -->\n\n")[2] == (
        record_of_processing()
    )


def test_every_rule_of_retention_is_told_with_the_number_of_the_content():
    text = (DOCS / "retention.md").read_text(encoding="utf-8")
    times = load(ROOT / "modules").countries["MD"].usual_retention

    assert all(f"`{rule.value}`" in text for rule in RetentionRule)
    for number in times.model_dump().values():
        assert str(number) in text


def test_every_purpose_says_how_long():
    found = {
        purpose: {one.keep for one in TABLES.values() if one.is_personal and one.purpose is purpose}
        for purpose in Purpose
    }

    assert set(found) == set(Purpose)
    for kind in KINDS:
        assert kind.keep in found[kind.purpose], kind.name
    assert {kind.purpose for kind in KINDS} | {
        Purpose.FIGURES,
        Purpose.SERVICE,
        Purpose.PROGRAM,
    } == set(Purpose)


@pytest.mark.parametrize("state", FactState)
def test_a_country_has_times_of_its_own_only_once_its_law_was_read(state):
    pack = load(ROOT / "modules").countries["MD"]
    own = pack.file.retention.model_copy(update={"state": state, "decided_months": 36})
    changed = replace(pack, file=pack.file.model_copy(update={"retention": own}))

    assert changed.retention.decided_months == (36 if state is FactState.CHECKED else 12)
    assert changed.retention.unused_months == pack.usual_retention.unused_months
    assert retention_in({"MD": changed}, "MD") == changed.retention
    assert retention_in({"MD": changed}, None) == pack.usual_retention
