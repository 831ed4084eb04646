"""Learning without a line in a real browser: five modules read, a quiz answered, and every conflict told."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.content.values import Module
from tests.browser.conftest import CHROMIUM
from tests.browser.lines import MODULE, Learner, Place, Screen, running
from tests.shipped import SHIPPED

pytestmark = pytest.mark.browser

KEPT = r"Not sent yet\. Saved on this device since \d\d:\d\d UTC(\+\d)?\."
ONE = {"single", "true_false"}
SAVED = r"^Saved \d\d:\d\d:\d\d UTC(\+\d)?$"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Place]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with running(tmp_path_factory.mktemp("lines"), migrated) as started:
        yield started


@pytest.fixture
def learner(place: Place) -> Learner:
    return place.learner()


@pytest.fixture
def device(place: Place, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Give a fresh browser in which a learner is signed in."""
    contexts = []

    def made(learner: Learner, width: int = 360, **options: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 740}, base_url=place.url, locale="en-GB", **options
        )
        context.set_default_timeout(15_000)
        context.add_cookies([learner.cookie()])
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.foreign = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "request", lambda one: one.url.startswith(place.url) or page.foreign.append(one.url)
        )
        return page

    yield made
    for context in contexts:
        for page in context.pages:
            assert getattr(page, "faults", []) == []
        context.close()


def keep_all(page: Any) -> None:
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Save all modules on this device").click()
    page.get_by_text("Done. Everything listed as saved is complete.").wait_for(timeout=60_000)


def rows_of(screen: Screen, count: int) -> list[int]:
    """Choose questions with one answer."""
    return [position for position, kind in screen.kinds().items() if kind in ONE][:count]


def cut(page: Any) -> None:
    page.context.set_offline(True)


def back(page: Any) -> None:
    page.context.set_offline(False)


def test_after_one_visit_five_modules_are_read_and_a_quiz_is_answered_without_a_line(
    place: Place, learner: Learner, device: Any
):
    page = device(learner)
    keep_all(page)
    states = page.locator("[data-state]").all_inner_texts()
    modules = place.app.extensions["ciss-content"].modules
    cut(page)
    for module in modules:
        for path in (
            f"/learn/{module.id}",
            *(f"/learn/{module.id}/{one.id}" for one in module.lessons),
        ):
            page.goto(path)
            assert page.locator("h1").inner_text() not in {"", "Available offline"}, path
    page.goto(f"/learn/{MODULE}/quiz/3")
    screen = Screen(page)
    screen.ready()
    address = page.url
    chosen = rows_of(screen, 3)
    for position in chosen:
        screen.choose(position, "1")
        screen.wait(position, KEPT)
    before = learner.answers()
    back(page)
    for position in chosen:
        screen.wait(position, SAVED)

    assert len(states) == 5
    assert all(
        re.fullmatch(r"Saved on this device since .*: [\d.]+ (kB|MB)\.", one) for one in states
    )
    assert address == f"{place.url}{learner.sheet}#question-3"
    assert before == {}
    assert learner.answers() == {position: ["1"] for position in chosen}
    receipts = [
        screen.question(one).locator("[data-receipt] code").text_content() for one in chosen
    ]
    assert all(len(one) > 20 for one in receipts)
    page.get_by_text("Answers sent now and saved: 3.").wait_for()


def test_a_lesson_read_without_a_line_leads_on_and_is_told_to_the_server_later(
    place: Place, learner: Learner, device: Any
):
    page = device(learner)
    first, second = place.app.extensions["ciss-content"].modules[1].lessons[:2]
    module = f"/learn/{first.module_id}"
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Save module 2 on this device").click()
    page.get_by_text("Everything listed as saved is complete.").wait_for()
    cut(page)
    page.goto(f"{module}/{first.id}")
    page.get_by_role("button", name="I have read this").click()
    page.wait_for_url(f"**{module}/{second.id}")
    shown = page.locator("h1").inner_text()
    back(page)
    page.goto("/learn")
    noted = f"caches.match('{module}/{first.id}/read').then(Boolean)"
    for _ in range(100):
        if page.evaluate(noted):
            page.wait_for_timeout(100)
    page.goto(module)

    assert shown == second.text("en").title
    assert "✓ Read" in page.locator(".tasks li").first.inner_text()


def read_without_a_line(page: Any, place: Place) -> None:
    """Keep the second module, and mark its first lesson as read."""
    lesson = place.app.extensions["ciss-content"].modules[1].lessons[0]
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Save module 2 on this device").click()
    page.get_by_text("Everything listed as saved is complete.").wait_for()
    cut(page)
    page.goto(f"/learn/{lesson.module_id}/{lesson.id}")
    with page.expect_navigation():
        page.get_by_role("button", name="I have read this").click()


NOTES = """caches.keys().then(async (names) => {
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().filter((one) => one.url.endsWith("/read")).length;
})"""


@pytest.mark.parametrize(("status", "left"), [(403, 0), (400, 0), (429, 1), (503, 1)])
def test_a_lesson_read_is_told_again_only_if_the_server_may_take_it_later(
    place: Place, learner: Learner, device: Any, status: int, left: int
):
    page = device(learner)
    read_without_a_line(page, place)
    before = page.evaluate(NOTES)
    told: list[str] = []

    def refuse(route: Any) -> None:
        told.append(route.request.method)
        route.fulfill(status=status, body="")

    page.context.route("**/read", refuse)
    back(page)
    for times in (1, 1 + left):
        page.goto("/learn")
        for _ in range(40):
            if len(told) >= times:
                break
            page.wait_for_timeout(50)
        page.wait_for_timeout(100)

    assert told == ["POST"] * (1 + left)
    assert (before, page.evaluate(NOTES)) == (1, left)


def test_a_device_without_modules_keeps_nothing_once_it_has_told_what_was_read(
    place: Place, learner: Learner, device: Any
):
    page = device(learner)
    read_without_a_line(page, place)
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Remove module 2 from this device").click()
    page.get_by_text("Removed from this device.").wait_for()
    before = page.evaluate(NOTES)
    back(page)
    page.goto("/learn")
    until_no_pages(page)
    page.goto("/help")

    assert before == 1
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    page.goto(f"/learn/{place.app.extensions['ciss-content'].modules[1].id}")
    assert "✓ Read" in page.locator(".tasks li").first.inner_text()


def test_a_page_that_is_not_kept_leads_to_what_is(learner: Learner, device: Any):
    page = device(learner)
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Save module 2 on this device").click()
    page.get_by_text("Everything listed as saved is complete.").wait_for()
    cut(page)
    page.goto(f"/learn/{SHIPPED.modules[2].id}")
    Screen(page).ready()

    assert page.locator("[data-away]").is_visible()
    assert [one.startswith("Saved") for one in page.locator("[data-state]").all_inner_texts()] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert page.locator("[data-quiz]:visible").count() == 0
    page.get_by_role("button", name="Remove module 2 from this device").click()
    page.get_by_text("Removed from this device.").wait_for()
    assert (
        page.evaluate("caches.keys().then((all) => all.filter((one) => one.includes('pages')))")
        == []
    )


def test_a_kept_page_does_not_wait_for_a_line_that_says_nothing(
    place: Place, learner: Learner, device: Any
):
    page = device(learner)
    keep_all(page)
    with place.silent():
        page.goto(f"/learn/{MODULE}", wait_until="commit", timeout=10_000)
        shown = page.locator("h1").inner_text()
        page.goto("about:blank")

    assert shown == place.app.extensions["ciss-content"].modules[0].text("en").title


def sign_in_as(page: Any, learner: Learner) -> None:
    """Let the session of before run out on the server, and sign somebody in as people do."""
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.locator("body:not([data-person])").wait_for()
    page.wait_for_timeout(200)  # the page writes down that nobody is signed in
    page.context.add_cookies([learner.cookie()])


@pytest.mark.parametrize("line", ["slow", "cut"])
def test_the_next_person_never_sees_what_the_last_one_kept(
    place: Place, learner: Learner, device: Any, line: str
):
    page = device(learner)
    keep_all(page)
    mark = page.locator("body").get_attribute("data-person")
    sign_in_as(page, place.learner())

    shown = []
    for path in (f"/learn/{MODULE}", f"/learn/{MODULE}/quiz/1", "/learn"):
        if line == "cut":
            cut(page)
            with suppress(Error):
                page.goto(path, wait_until="commit")
            shown.append(page.locator("body").get_attribute("data-person"))
            back(page)
        else:
            with place.silent(), suppress(Error):
                page.goto(path, wait_until="commit", timeout=5_000)
            shown.append(page.locator("body").get_attribute("data-person"))
        page.goto("about:blank")

    assert mark
    assert mark not in shown


def test_a_visitor_who_is_led_to_sign_in_sees_nothing_kept_from_then_on(
    place: Place, learner: Learner, device: Any
):
    page = device(learner)
    keep_all(page)
    page.context.clear_cookies()
    page.goto(f"/learn/{MODULE}")
    led = page.url
    page.goto("about:blank")
    cut(page)
    with suppress(Error):
        page.goto(f"/learn/{MODULE}", wait_until="commit")

    assert "/sign-in" in led
    assert page.locator("[data-person]").count() == 0


def test_who_comes_back_finds_the_own_pages_again(place: Place, learner: Learner, device: Any):
    page = device(learner)
    keep_all(page)
    page.goto("/help")
    page.wait_for_timeout(200)
    cut(page)
    page.goto(f"/learn/{MODULE}")

    assert page.locator("body").get_attribute("data-person")


def test_another_devices_answer_counts_and_the_own_one_is_shown_until_it_is_read(
    learner: Learner, device: Any
):
    page = device(learner)
    screen = Screen(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    cut(page)
    screen.choose(position, "1")
    screen.wait(position, KEPT)
    learner.save(position, "2")
    back(page)
    screen.wait(position, "Another device saved an answer at")
    told = page.locator("[data-queue]").inner_text()
    between = learner.answers()[position]
    screen.open(learner.sheet)
    still = page.locator("[data-queue]").inner_text()
    page.get_by_role("button", name="I have read this").click()
    screen.wait(position, SAVED)
    shown = screen.chosen(position)
    screen.choose(position, "1")
    page.locator("[data-queue]").wait_for(state="hidden")
    screen.wait(position, SAVED)

    assert f"Module 1, question {position}: Another device saved" in told
    assert "Your answer from" in told
    assert still == told
    assert (between, shown) == (["2"], ["2"])
    page.wait_for_load_state("networkidle")
    assert learner.answers()[position] == ["1"]


def test_after_a_month_the_attempt_is_closed_and_the_session_over_and_nothing_is_lost(
    learner: Learner, device: Any
):
    page = device(learner)
    screen = Screen(page)
    keep_all(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    cut(page)
    screen.choose(position, "1")
    screen.wait(position, KEPT)
    learner.end_sessions()
    learner.close()
    back(page)
    page.get_by_text(
        "Answers waiting on this device: 1. To send them, sign in with the account"
    ).wait_for()
    waiting = screen.said(position)
    learner.sign_in_again()
    page.context.add_cookies([learner.cookie()])
    page.goto("/learn")
    page.get_by_text("This attempt closed before the answer arrived.").wait_for()

    assert re.fullmatch(KEPT, waiting)
    assert learner.answers() == {}
    assert page.get_by_role("button", name="I have read this").is_visible()


def test_a_device_that_keeps_nothing_says_so_and_sends_from_the_open_page(
    learner: Learner, device: Any
):
    page = device(learner)
    page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    screen = Screen(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    cut(page)
    screen.choose(position, "1")
    said = screen.wait(position, "Keep this page open")
    back(page)
    screen.wait(position, SAVED)

    assert said.startswith("Not sent yet, and this device cannot store it.")
    assert learner.answers() == {position: ["1"]}


def test_storage_that_is_full_keeps_no_half_module(learner: Learner, device: Any):
    page = device(learner)
    page.add_init_script("""
      const put = Cache.prototype.put;
      let count = 0;
      Cache.prototype.put = function (...given) {
        count += 1;
        if (count > 4) return Promise.reject(new DOMException("full", "QuotaExceededError"));
        return put.apply(this, given);
      };
    """)
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Save module 1 on this device").click()
    page.get_by_text("This device is full.").wait_for()

    assert set(page.locator("[data-state]").all_inner_texts()) == {"Not saved on this device."}
    kept = """caches.keys().then(async (names) => {
      const all = [];
      for (const name of names.filter((one) => one.includes("pages")))
        for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname);
      return all.filter((one) => one !== "/learn/offline");
    })"""
    assert page.evaluate(kept) == []


def test_a_wrong_clock_changes_nothing_and_is_said(learner: Learner, device: Any):
    page = device(learner)
    page.add_init_script("""
      const Right = Date;
      const late = () => Right.now() - 5 * 86400000;
      window.Date = class extends Right {
        constructor(...given) { super(...(given.length ? given : [late()])); }
        static now() { return late(); }
      };
    """)
    screen = Screen(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    cut(page)
    screen.choose(position, "1")
    screen.wait(position, KEPT)
    back(page)
    screen.wait(position, SAVED)
    page.get_by_text("The clock on this device is wrong.").wait_for()

    assert learner.answers() == {position: ["1"]}


OLD_WORKER = """
self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.ports[0].postMessage({ protocol: PROTOCOL }));
"""


def served(page: Any, protocol: int) -> None:
    """Let the server give a worker of another version."""
    text = OLD_WORKER.replace("PROTOCOL", str(protocol))
    page.context.route(
        "**/service-worker.js",
        lambda route: route.fulfill(body=text, content_type="text/javascript"),
    )


def test_an_older_worker_is_replaced_and_what_it_kept_is_gone(learner: Learner, device: Any):
    page = device(learner)
    served(page, 0)
    Screen(page).open("/learn/offline")
    page.evaluate(
        """navigator.serviceWorker.register("/service-worker.js", { scope: "/learn" })
             .then(() => navigator.serviceWorker.ready)
             .then((one) => new Promise((done) => setInterval(
               () => one.active.state === "activated" && done(), 20)))"""
    )
    page.evaluate(
        "caches.open('ciss-0-pages-old').then((one) => one.put('/learn/old', new Response('old')))"
    )
    page.reload()
    page.get_by_text("have different versions. Reload this page.").wait_for()
    page.context.unroute("**/service-worker.js")
    page.get_by_role("button", name="Save module 1 on this device").click()
    page.get_by_text("Everything listed as saved is complete.").wait_for()

    assert sorted(re.sub(r"[0-9a-f]{12,}$", "", one) for one in page.evaluate("caches.keys()")) == [
        "ciss-1-files-",
        "ciss-1-pages-",
        "ciss-1-turn",
    ]


def test_an_older_page_is_told_to_load_again_by_a_newer_worker(learner: Learner, device: Any):
    page = device(learner)
    served(page, 2)
    Screen(page).open("/learn/offline")
    page.get_by_role("button", name="Save module 1 on this device").click()
    page.get_by_text("have different versions. Reload this page.").wait_for()

    assert page.locator("[data-state]").first.inner_text() == "Not saved on this device."


def until_no_pages(page: Any) -> None:
    """Wait until the browser keeps no pages."""
    for _ in range(100):
        if not any("pages" in name for name in page.evaluate("caches.keys()")):
            return
        page.wait_for_timeout(50)
    raise AssertionError("pages are still kept")


def test_what_is_kept_for_one_person_is_never_shown_to_another(
    place: Place, learner: Learner, device: Any
):
    other = place.learner()
    page = device(learner)
    keep_all(page)
    page.context.clear_cookies()
    page.context.add_cookies([other.cookie()])
    page.goto("/account")
    until_no_pages(page)
    cut(page)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(f"/learn/{MODULE}")


def test_signing_out_asks_about_unsent_answers_and_then_removes_everything(
    learner: Learner, device: Any
):
    page = device(learner)
    screen = Screen(page)
    keep_all(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    page.context.route("**/answers", lambda route: route.abort())
    screen.choose(position, "1")
    screen.wait(position, KEPT)
    asked: list[str] = []
    answers = iter([False, True])

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept() if next(answers) else dialog.dismiss()

    page.on("dialog", answer)
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_timeout(300)
    stayed = page.url
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You have signed out.").wait_for()

    assert stayed.endswith(learner.sheet)
    assert len(asked) == 2
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("indexedDB.databases()") == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )


def test_a_question_page_keeps_its_answer_when_the_line_is_cut(learner: Learner, device: Any):
    page = device(learner)
    screen = Screen(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    screen.open(f"/learn/{MODULE}/quiz/{position}")
    cut(page)
    page.locator("input[name=chosen]").first.check(force=True)
    line = page.locator("[data-saved]")
    line.filter(has_text=re.compile(KEPT)).wait_for()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_timeout(200)
    stayed = page.url
    back(page)
    line.filter(has_text=re.compile(SAVED)).wait_for()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url(lambda url: url != stayed)

    assert stayed.endswith(f"/quiz/{position}")
    assert not page.url.endswith(f"/quiz/{position}")
    assert learner.answers() == {position: ["1"]}


def test_a_lost_acknowledgement_is_no_conflict_with_oneself(learner: Learner, device: Any):
    page = device(learner)
    screen = Screen(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)

    def deliver_and_cut(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/answers", deliver_and_cut)
    screen.choose(position, "1")
    screen.wait(position, KEPT)
    arrived = learner.answers()
    screen.choose(position, "2")
    screen.wait(position, KEPT)
    page.unroute("**/answers")
    page.evaluate("dispatchEvent(new Event('online'))")
    screen.wait(position, SAVED)

    assert arrived == {position: ["1"]}
    assert learner.answers() == {position: ["2"]}
    assert page.locator("[data-queue] button").count() == 0


def answer_by_keyboard(page: Any, question: Any, kind: str) -> None:
    """Answer a question without a pointer."""
    if kind in {"single", "true_false", "multiple"}:
        question.locator("input[name=chosen]").first.focus()
        page.keyboard.press("Space")
    elif kind == "short_text":
        question.locator("input[type=text]").focus()
        page.keyboard.type("a few words")
    elif kind == "scenario":
        while question.locator("fieldset:not([hidden]):not([disabled])").count():
            question.locator("fieldset:not([hidden]):not([disabled]) input").first.focus()
            page.keyboard.press("Space")
            question.get_by_role("button", name="Save").focus()
            page.keyboard.press("Enter")
            page.wait_for_timeout(300)
    else:
        for number, part in enumerate(question.locator("select").all(), start=1):
            part.focus()
            for _ in range(number if kind == "ordering" else 1):
                page.keyboard.press("ArrowDown")
    if kind != "scenario":
        page.keyboard.press("Tab")


def kinds_of(module: Module) -> set[QuestionKind]:
    return {one.key.kind for one in module.questions_for("MD")}


def test_every_kind_of_question_is_answered_by_keyboard_without_a_line(place: Place, device: Any):
    wanted = {str(kind) for module in SHIPPED.modules for kind in kinds_of(module)}
    seen: set[str] = set()
    for module in sorted(SHIPPED.modules, key=lambda one: len(kinds_of(one)), reverse=True):
        if kinds_of(module) <= seen:
            continue
        learner = place.learner(module.id, kinds_of(module))
        page = device(learner)
        screen = Screen(page)
        screen.open(learner.sheet)
        kinds = screen.kinds()
        new = [position for position, kind in kinds.items() if kind not in seen]
        cut(page)
        for position in new:
            if kinds[position] in seen:
                continue
            seen.add(kinds[position])
            answer_by_keyboard(page, screen.question(position), kinds[position])
            screen.wait(position, KEPT)
        back(page)
        for position in new:
            if screen.said(position):
                screen.wait(position, SAVED)
        page.context.close()
        saved = {position for position, row in learner.questions().items() if row.chosen}
        assert {kinds[position] for position in saved} == {kinds[position] for position in new}

    assert seen == wanted
    assert len(wanted) >= 5


def test_the_pages_fit_and_are_accessible(learner: Learner, device: Any, width: str, check: Any):
    page = device(learner, 360 if width == "narrow" else 1280)
    screen = Screen(page)
    screen.open("/learn/offline")
    check(page)
    page.get_by_role("button", name="Save module 1 on this device").click()
    page.get_by_text("Everything listed as saved is complete.").wait_for()
    check(page)
    screen.open(learner.sheet)
    check(page)
    (position,) = rows_of(screen, 1)
    page.context.route("**/answers", lambda route: route.abort())
    screen.choose(position, "1")
    screen.wait(position, KEPT)
    page.reload()
    screen.ready()
    page.get_by_text("Answers waiting on this device: 1.").wait_for()
    check(page)
    page.context.unroute("**/answers")
    learner.save(position, "2")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="I have read this").wait_for()
    check(page)


BUDGET = 70_000


def test_the_quiz_pages_weigh_little(place: Place, chromium: Any, learner: Learner, device: Any):
    weights = {}
    for path in (f"/learn/{MODULE}/quiz/1", learner.sheet, "/learn/offline"):
        page = device(learner)
        seen: list[Any] = []
        page.on("response", lambda one, seen=seen: seen.append(one))
        Screen(page).open(path)
        page.wait_for_load_state("networkidle")
        weights[path] = sum(one.request.sizes()["responseBodySize"] for one in seen if one.ok)
        elements = page.locator("*").count()
        print(path, weights[path], "bytes on the line;", len(seen), "transfers;", elements)
        assert len(seen) <= 10

    assert max(weights.values()) <= BUDGET


def test_without_javascript_the_page_leads_to_paper(learner: Learner, device: Any, tmp_path: Path):
    page = device(learner, java_script_enabled=False)
    page.goto("/learn/offline")

    assert page.get_by_text(
        "To save modules on this device, the page needs JavaScript."
    ).is_visible()
    assert page.locator("button[data-keep]:visible, [data-keep-all]:visible").count() == 0
    page.locator("summary").first.click()
    assert page.locator("details a[href$='.pdf']:visible").count() > 0


# --- a service that is busy: it says when to come again -----------------------------------------

SECONDS = 30
BUSY = {"status": 503, "headers": {"Retry-After": str(SECONDS)}, "body": "busy"}


def refuse_twice(page: Any, address: str) -> list[str]:
    """Answer the first two posts to an address as a busy service does; list what came of each."""
    seen: list[str] = []

    def answer(route: Any) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        seen.append("busy" if len(seen) < 2 else "taken")
        route.fulfill(**BUSY) if seen[-1] == "busy" else route.fallback()

    page.route(address, answer)
    return seen


def come_again(page: Any, seen: list[str], busy: Any) -> None:
    """Let the time pass that the service asked for, twice; before that nothing is sent."""
    for times in (1, 2):
        busy.wait_for()
        page.clock.fast_forward(1000 * (SECONDS - 2))
        assert seen == ["busy"] * times
        with page.expect_request(lambda one: one.method == "POST"):
            page.clock.fast_forward(1000 * SECONDS)


def test_answers_are_sent_again_by_themselves_when_the_service_says(learner: Learner, device: Any):
    page = device(learner)
    page.clock.install()
    screen = Screen(page)
    screen.open(learner.sheet)
    (position,) = rows_of(screen, 1)
    seen = refuse_twice(page, "**/answers")

    screen.choose(position, "1")
    come_again(page, seen, page.get_by_text("The service is busy. Answers waiting"))
    screen.wait(position, SAVED)

    assert seen == ["busy", "busy", "taken"]
    assert learner.answers()[position] == ["1"]


def test_drafts_are_sent_again_by_themselves_when_the_service_says(learner: Learner, device: Any):
    page = device(learner)
    page.clock.install()
    page.goto("/school/plan/new?criterion=A1")
    seen = refuse_twice(page, "**/drafts")

    page.locator("[name=what]").fill("Write down who is told")
    page.clock.fast_forward(6000)
    come_again(page, seen, page.locator("[data-draft-state]", has_text="the service is busy"))
    page.locator("[data-draft-state].saved").wait_for()

    assert seen == ["busy", "busy", "taken"]


def serve_form(page: Any) -> None:
    """Let the server give a form that saves itself, and take what it sends."""
    form = (
        '<!doctype html><script src="/static/js/ciss.js" defer></script><form data-autosave="/taken" data-again="again">'
        '<input type="radio" name="level" value="1"><textarea name="text"></textarea><p data-saved></p></form>'
    )
    page.route("**/choice", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.route("**/taken", lambda route: route.fulfill(json={"saved": True, "text": "Saved 14:03"}))


def test_a_choice_beside_a_long_text_is_saved(learner: Learner, device: Any):
    page = device(learner)
    serve_form(page)
    page.goto("/choice")

    page.locator("textarea").fill("слово " * 12_000)
    page.locator("[name=level]").check()

    page.get_by_text("Saved 14:03").wait_for()


def test_a_choice_is_sent_again_by_itself_when_the_service_says(learner: Learner, device: Any):
    page = device(learner)
    serve_form(page)
    seen = refuse_twice(page, "**/taken")
    page.clock.install()
    page.goto("/choice")

    page.locator("[name=level]").check()
    come_again(page, seen, page.locator("[data-saved].unsaved", has_text="again"))
    page.get_by_text("Saved 14:03").wait_for()

    assert seen == ["busy", "busy", "taken"]
