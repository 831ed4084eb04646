"""The words of the standard: mistakes everywhere and once, who may leave what out, levels that leave no gap."""

import re

import pytest
import yaml

from cissapp.foundation.content.faults import BrokenContent
from cissapp.foundation.content.loader import load
from config import ROOT
from tests.shipped import copied

CONTENT = load(ROOT / "modules")
CRITERIA = CONTENT.standard.criteria


def test_every_criterion_has_one_to_three_mistakes_and_none_stands_twice():
    mistakes = [one for criterion in CRITERIA for one in criterion.text("en").mistakes]

    assert all(1 <= len(criterion.text("en").mistakes) <= 3 for criterion in CRITERIA)
    assert len(mistakes) == len(set(mistakes))


def test_three_criteria_may_be_left_out_and_it_is_said_by_whom():
    assert [one.id for one in CRITERIA if one.key.not_applicable] == ["A11", "A12", "C7"]
    assert all(
        (one.text("en").not_applicable or "").startswith("Only for a ") is one.key.not_applicable
        for one in CRITERIA
    )


def test_level_3_asks_for_all_of_level_2_and_more():
    assert all(one.text("en").levels["3"].startswith("As level 2, and ") for one in CRITERIA)


def test_no_word_of_the_standard_calls_a_school_safe():
    words = [*CONTENT.standard.rubric_texts.values(), *CONTENT.standard.decision_texts.values()]
    words += CONTENT.standard.certificate_texts.values()
    said = " ".join(str(one.model_dump()) for one in words)
    said += " ".join(str(one.text("en").model_dump()) for one in CRITERIA)

    assert re.findall(r"school (?:is|was|are) (?:internet.)?safe", said) == []


def test_version_1_0_means_what_it_meant():
    earlier = CONTENT.earlier["1.0"]

    assert sum(one.critical for one in earlier.criteria) == 21
    assert not any(one.key.not_applicable for one in earlier.criteria)
    assert not earlier.decision.not_applicable.only_where_said
    assert [one.no_zero_in for one in earlier.decision.levels] == [[], [], []]
    assert CONTENT.under("1.0").standard is earlier
    assert CONTENT.under("1.0").under("2.0").standard is CONTENT.standard
    assert CONTENT.under("0.9") is CONTENT.under(None) is CONTENT


def test_words_and_keys_must_agree_on_who_may_leave_out_and_a_critical_one_applies(tmp_path):
    root = copied(tmp_path / "modules")
    path = root / "standard" / "en" / "rubric.yaml"
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    del words["criteria"]["A12"]["not_applicable"]
    words["criteria"]["A14"]["not_applicable"] = "Only for a school that has no such children."
    path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")

    with pytest.raises(BrokenContent) as broken:
        load(root)
    assert {str(one) for one in broken.value.faults} == {
        "standard/en/rubric.yaml: criteria.A12.not_applicable: is missing",
        "standard/en/rubric.yaml: criteria.A14.not_applicable: is not allowed in rubric.yaml",
    }

    keys = root / "standard" / "rubric.yaml"
    text = keys.read_text(encoding="utf-8")
    keys.write_text(text.replace("critical: true", "critical: true\n    not_applicable: true", 1))
    with pytest.raises(BrokenContent) as broken:
        load(root)
    assert any(
        "a critical criterion must apply to every school" in str(one) for one in broken.value.faults
    )
