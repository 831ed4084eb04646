"""A lesson as its reader sees it: country, picture, specimen, language, times."""

import re

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.content.schema import LessonPicture
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.learn.learning import services
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.rules import AttemptPurpose
from cissapp.people.accounts.models import User
from tests.factories import NOW
from tests.shipped import LESSON, MODULE, SHIPPED, in_english, installed

pytestmark = pytest.mark.usefixtures("stopped_clock")

PAGE = f"/learn/{MODULE.id}/{LESSON.id}"
PICTURE = LessonPicture.model_validate(
    {
        "kind": "fork",
        "title": "Whom to call",
        "text": "Two ways lead from one question.",
        "start": "Is a child in danger now?",
        "items": [{"title": "Yes", "text": "The police"}, {"title": "No"}],
    }
)


@pytest.fixture
def rich(app):
    """Put a country's law, a picture and a specimen into one lesson, and a Ukrainian text beside it."""
    text = LESSON.texts["en"].model_copy(
        update={
            "by_country": {"MD": "Order one of Moldova.", "UA": "Law two of Ukraine."},
            "picture": PICTURE,
            "product": LESSON.texts["en"].product.model_copy(
                update={"specimen": "School No. 4, filled in."}
            ),
        }
    )
    own = text.model_copy(update={"title": "Права дитини"})
    plan = LESSON.plan.model_copy(update={"minutes": 6, "doing": 25})
    changed = replace(LESSON, plan=plan, texts={"en": text, "uk": own})
    lessons = tuple(changed if one.id == LESSON.id else one for one in MODULE.lessons)
    with installed(app, replace(MODULE, lessons=lessons)):
        yield changed


def page_of(browser, path=PAGE):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_head_reads_the_law_of_the_own_country_alone(rich, make, sign_in):
    html = page_of(sign_in(make.manager()))

    assert ">In Moldova</h2>" in html
    assert "Order one of Moldova." in html
    assert "Law two of Ukraine." not in html


def test_the_secretariat_reads_the_law_of_every_country_folded(rich, make, sign_in):
    html = page_of(sign_in(make.user(Role.SECRETARIAT)))

    assert re.findall(r"<summary>(In \w+)</summary>", html) == ["In Moldova", "In Ukraine"]
    assert "Law two of Ukraine." in html


def test_the_picture_is_drawn_named_and_told_in_words(rich, make, sign_in):
    html = page_of(sign_in(make.manager()))

    assert html.count('role="img"') == 2
    assert html.count('<title id="picture-') == 2
    assert html.count('<desc id="picture-') == 2
    assert "The picture in words" in html
    assert html.index('id="part-1"') < html.index("<figure") < html.index('id="part-2"')
    assert "style=" not in html


def test_a_specimen_is_folded_and_both_times_are_told_apart(rich, make, sign_in):
    html = page_of(sign_in(make.manager()))

    assert "See a completed example" in html
    assert "School No. 4, filled in." in html
    assert "6 min to read" in html
    assert "min to do" not in html
    assert "About 25 min, once only, with your school. You can pass the module without it." in html


def test_each_jump_leads_somewhere(rich, make, sign_in):
    html = page_of(sign_in(make.manager()))
    nav = html[html.index('<nav class="contents"') : html.index("</nav>", html.index('"contents"'))]
    jumps = re.findall(r'href="#([^"]+)"', nav)

    assert len(jumps) == len(set(jumps)) >= 8
    assert [one for one in jumps if f'id="{one}"' not in html] == []


def test_lessons_are_read_in_another_language_than_pages(app, rich, make, sign_in):
    head = make.manager(language="en")
    browser = sign_in(head)
    assert 'value="uk"' in page_of(browser)

    answer = browser.post("/learn/language", data={"language": "uk", "next": PAGE})

    assert answer.location == PAGE
    html = page_of(browser)
    assert '<html lang="en"' in html
    assert '<h1 lang="uk">Права дитини</h1>' in html
    assert "Three things to remember" in html
    browser.post("/learn/language", data={"language": "", "next": PAGE})
    assert '<h1 lang="en">' in page_of(browser)
    with app.app_context():
        assert session.get_one(User, head.id).content_language is None


def test_a_language_without_lessons_cannot_be_chosen(app, make, sign_in):
    browser = sign_in(make.manager())

    with installed(app, *map(in_english, SHIPPED.modules)):
        assert browser.post("/learn/language", data={"language": "be"}).status_code == 404
        assert browser.post("/learn/language", data={"language": "xx"}).status_code == 404


def test_the_choice_of_lessons_leads_to_own_pages_only(rich, make, sign_in):
    sent = {"language": "uk", "next": "https://elsewhere.example/"}

    assert sign_in(make.manager()).post("/learn/language", data=sent).location == "/"


def test_the_paper_has_country_picture_and_specimen(rich, make, sign_in, tmp_path):
    from tests.learn.learning.test_paper_views import text_of

    text = text_of(sign_in(make.manager()).get(f"{PAGE}.pdf").data, tmp_path)

    for said in (
        "In Moldova",
        "Order one of Moldova.",
        "Whom to call",
        "Is a child in danger now?",
    ):
        assert said in text
    assert "1. Yes. The police" in text
    assert "School No. 4, filled in." in text
    assert "Ukraine." not in text
    assert "To be confirmed" not in text


@pytest.fixture
def split(app):
    """Keep half of the questions of a module for Ukraine, and one for Moldova."""
    topics = {one.key.topic for one in MODULE.questions}
    kept = {}
    for number, one in enumerate(MODULE.questions):
        first = one.key.topic in topics
        topics.discard(one.key.topic)
        countries = [] if first else ["UA"] if number % 2 else ["MD"]
        kept[one.id] = replace(one, key=one.key.model_copy(update={"countries": countries}))
    other = replace(MODULE, questions=tuple(kept.values()))
    with installed(app, other):
        yield other


@pytest.mark.parametrize("purpose", [AttemptPurpose.QUIZ, AttemptPurpose.BEFORE])
def test_nobody_is_asked_of_the_law_of_another_country(app, split, make, context, purpose):
    known = app.extensions["ciss-content"]
    for _ in range(12):
        head = make.manager()
        with unit_of_work():
            services.start_attempt(split, content=known, by=head, at=NOW, purpose=purpose)

    asked = session.scalars(select(AttemptQuestion.question_id).join(Attempt.questions)).all()
    countries = [split.by_question_id[one].key.countries for one in asked]

    assert ["UA"] not in countries
    assert ["MD"] in countries


def test_what_a_group_must_still_confirm_is_asked_of_nobody(split):
    one = split.questions[0]
    still_open = one.key.model_copy(update={"countries": [], "confirm": "Whether the order holds."})

    assert one.key.model_copy(update={"countries": []}).is_asked_in("MD")
    assert not still_open.is_asked_in("MD")
    assert not still_open.is_asked_in(None)
