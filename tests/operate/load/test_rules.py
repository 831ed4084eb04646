"""A recipe changes what names something of a pattern's own, and nothing else."""

import hashlib
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.operate.load.rules import names, spread
from cissapp.operate.load.rules.codes import FORMS
from cissapp.operate.load.rules.recipe import DASHED, PREFIX, SHIFT, Recipe, SlotName
from cissapp.prepare.awareness.rules import rounds
from cissapp.prepare.drills.rules.codes import normalise_code
from cissapp.prepare.reporting_page.rules import fold_code

OWN, OTHER = UUID(int=2**100 + 7), UUID(int=2**90 + 3)
GIVEN = {PREFIX: "a" * 16, DASHED: "aaaaaaaa-aaaa-aaaa", "name": "Ліцей № 5", "last row": "0" * 64}


def recipe_of() -> Recipe:
    made = Recipe(["name", "last row"], {"Old name": (SlotName("name"),)})
    made.own(5, OWN.hex)
    return made


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), shift=st.integers(-3000, 0))
def test_ids_days_and_names_of_a_text_are_the_copy_s(day, shift):
    recipe = recipe_of()
    slot = recipe.text(f"{OWN} {OWN.hex} {OTHER} Old name {day}T10:00 12345-01-01")

    values = recipe.copy({**GIVEN, SHIFT: shift})

    new = day + timedelta(days=shift)
    assert values[slot] == (
        f"aaaaaaaa-aaaa-aaaa-0000-000000000005 {'a' * 16}0000000000000005 {OTHER}"
        f" Ліцей № 5 {new}T10:00 12345-01-01"
    )


def test_a_hash_that_another_text_names_is_that_of_the_copy_s_text():
    recipe = recipe_of()
    old = hashlib.sha256(b"Old name").hexdigest()
    slot = recipe.hash_of(old, "Old name")
    outer = recipe.text(f"about {old}")

    values = recipe.copy({**GIVEN, SHIFT: 0})

    new = hashlib.sha256("Ліцей № 5".encode()).hexdigest()
    assert (values[slot], values[outer]) == (new, f"about {new}")


def test_rows_of_a_chain_follow_one_another():
    recipe = recipe_of()
    before = [recipe.last_row()]
    links = [recipe.link_of("1" * 64, "first")]
    before.append(recipe.last_row())
    links.append(recipe.link_of("2" * 64, "second"))

    values = recipe.copy({**GIVEN, SHIFT: 0})

    first = hashlib.sha256(("0" * 64 + "first").encode()).hexdigest()
    second = hashlib.sha256(f"{first}second".encode()).hexdigest()
    assert [values[slot] for slot in before] == ["0" * 64, first]
    assert [values[slot] for slot in links] == [first, second]
    assert values[recipe.named("last row")] == second


@settings(max_examples=20)
@given(seed=st.text(), language=st.sampled_from(["uk", "ru", "ro", "be", "xx"]))
def test_the_same_seed_invents_the_same(seed, language):
    def invented():
        random = names.drawn_by(seed)
        return [
            names.school_name(language, random),
            names.place_name(language, random),
            names.person_name(language, random),
            spread.draw_state(random),
            spread.draw_pupils(random),
        ]

    assert invented() == invented()


@given(seed=st.integers())
def test_a_shift_is_a_number_of_whole_weeks_into_the_past(seed):
    random = names.drawn_by(str(seed))
    for state in spread.SHARES:
        for extra, share in spread.extras_of(state).items():
            shift = spread.draw_shift(state, extra, random)
            assert shift % 7 == 0
            assert -7 * share.weeks <= shift <= 0


def test_shares_are_of_a_thousand():
    for state in spread.SHARES:
        shares = [share.of_thousand for share in spread.extras_of(state).values()]
        assert sum(shares) == 1000
        assert min(shares) >= 0
    assert sum(share.of_thousand for share in spread.SHARES.values()) == 1000


@given(seed=st.integers())
def test_codes_are_read_as_the_rooms_write_them(seed):
    random = names.drawn_by(str(seed))
    assert rounds.clean_code(FORMS["awareness_round"].draw(random.choice))
    drill = FORMS["drill"].draw(random.choice)
    assert normalise_code(drill) == drill
    page = FORMS["reporting_page"].draw(random.choice)
    assert fold_code(page) == page
