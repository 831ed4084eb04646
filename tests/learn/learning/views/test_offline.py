"""What a device may keep: the worker's text, the list of modules with their sizes, and whose pages they are."""

import json
import re

import pytest

from tests.shipped import MODULE

pytestmark = pytest.mark.usefixtures("stopped_clock")

SIZE = re.compile(r"<span class=\"small\">\s*(\d+) kB")


def text(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_worker_is_asked_for_anew_and_names_its_version_and_files(app, client):
    answer = client.get("/service-worker.js")
    first, second, *rest = answer.get_data(as_text=True).splitlines()

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/learn"
    assert re.fullmatch(r'const BUILD = "[0-9a-f]{12}";', first)
    files = json.loads(second.removeprefix("const FILES = ").removesuffix(";"))
    assert len(files) == 6
    for one in files:
        assert re.search(r"\?v=[0-9a-f]{12}$", one)
        with client.get(one) as file:
            assert file.status_code == 200
    assert rest[0].startswith("/* Gives the kept pages")


def test_another_file_makes_another_version(app, client, monkeypatch):
    before = client.get("/service-worker.js").data
    monkeypatch.setitem(app.jinja_env.globals, "static_url", lambda name: f"/static/{name}?v=new")

    after = client.get("/service-worker.js").data

    assert before.splitlines()[0] != after.splitlines()[0]


def test_sizes_are_those_of_the_pages(app, make, sign_in):
    app.extensions.pop("ciss-page-bytes", None)
    browser = sign_in(make.manager(name="Ana Rusu"))
    page = text(browser, "/learn/offline")
    shown = [int(one) for one in SIZE.findall(page)]
    real = []
    for urls in re.findall(r'data-urls="([^"]+)"', page):
        addresses = json.loads(urls.replace("&#34;", '"').replace("&quot;", '"'))
        real.append(sum(len(browser.get(one).data) for one in addresses) / 1000)

    assert len(shown) == 5
    assert [abs(a - b) <= 0.02 * b + 1 for a, b in zip(shown, real, strict=True)] == [True] * 5


def test_an_open_quiz_is_offered_with_its_questions(make, sign_in):
    browser = sign_in(make.manager())
    before = text(browser, "/learn/offline")
    browser.post(f"/learn/{MODULE.id}/quiz/start")
    after = text(browser, "/learn/offline")

    assert "data-sheet=" not in before
    assert re.findall(r'data-sheet="([^"]+)"', after) == [f"/learn/{MODULE.id}/quiz/sheet"]
    assert int(SIZE.findall(after)[0]) > int(SIZE.findall(before)[0])


def test_who_only_reads_may_keep_the_lessons(make, sign_in):
    page = text(sign_in(make.user()), "/learn/offline")

    assert page.count("data-module=") == 5
    assert "data-sheet=" not in page


def test_pages_say_for_whom_they_are_without_saying_who(make, sign_in, client):
    first, second = make.manager(), make.manager()
    marks = []
    for person in (first, second):
        browser = sign_in(person)
        answers = [browser.get(path) for path in ("/learn", f"/learn/{MODULE.id}")]
        (mark,) = {answer.headers["CISS-Person"] for answer in answers}
        assert f'data-person="{mark}"' in answers[0].get_data(as_text=True)
        assert str(person.id).replace("-", "") not in mark
        marks.append(mark)

    assert marks[0] != marks[1]
    assert "data-person" not in client.get("/").get_data(as_text=True)
