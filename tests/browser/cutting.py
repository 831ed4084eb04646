"""Browsers that are killed and lines that are cut at random moments while a learner answers.

Used by `test_lost_answers.py` with few rounds, and by `benchmarks/lost_answers.py` with many.
"""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Error, Playwright

from cissapp.learn.learning.models import AttemptQuestion
from cissapp.learn.learning.rules import receipts
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.lines import ROWS, Learner, Place, Screen

WAYS = ("browser killed", "line cut", "acknowledgement lost", "server killed")
ANSWERS = "**/answers"

# Tells every change of a question's line together with what is chosen and receipted at that moment.
WATCH = """() => {
  for (const place of document.querySelectorAll("[data-position]")) {
    const line = place.querySelector("[data-saved]");
    new MutationObserver(() => {
      const chosen = [...place.querySelectorAll("input[name=chosen]:checked")].map((one) => one.value);
      const receipt = place.querySelector("[data-receipt] code").textContent;
      window.told(Number(place.dataset.position), line.textContent, chosen, receipt);
    }).observe(line, { childList: true, characterData: true, subtree: true });
  }
}"""

CHOOSE = """(plan) => {
  for (const [after, position, number] of plan)
    setTimeout(() => {
      const place = document.getElementById(`question-${position}`);
      const one = place.querySelector(`input[name=chosen][value="${number}"]`);
      if (one.type === "checkbox")
        for (const other of place.querySelectorAll("input[name=chosen]")) other.checked = false;
      one.checked = true;
      one.dispatchEvent(new Event("change", { bubbles: true }));
      window.made(position, number);
    }, after);
}"""

WAITING = """() => new Promise((done) => {
  indexedDB.open("ciss-answers", 1).onsuccess = (event) => {
    const db = event.target.result;
    db.transaction("answers").objectStore("answers").getAll().onsuccess = (all) => {
      db.close();
      done(all.target.result.filter((one) => one.queue).length);
    };
  };
})"""


@dataclass
class Result:
    """What was seen in all rounds."""

    ways: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    kept: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Claims:
    """What the page said last of each question, and what was chosen after that."""

    learner: Learner
    rows: dict[int, AttemptQuestion] = field(default_factory=dict)
    untrue: list[str] = field(default_factory=list)
    last: dict[int, tuple[str, str]] = field(default_factory=dict)
    since: dict[int, list[str]] = field(default_factory=dict)
    saved: int = 0
    kept: int = 0

    def made(self, position: int, number: str) -> None:
        self.since.setdefault(position, []).append(number)

    def told(self, position: int, text: str, chosen: list[str], receipt: str) -> None:
        kind = text.strip().partition(" ")[0]
        if kind not in {"Saved", "Not"} or len(chosen) != 1:
            return
        self.saved += kind == "Saved"
        self.kept += kind == "Not"
        self.last[position] = (kind, chosen[0])
        self.since[position] = []
        if kind == "Saved" and not self._signed(position, chosen[0], receipt):
            self.untrue.append(f"question {position}: {chosen[0]} called saved with {receipt!r}")

    def _signed(self, position: int, number: str, text: str) -> bool:
        """Say whether the server signed that it saved this answer: nothing else makes it a save."""
        key = receipts.receipt_key(self.learner.place.app.config["SECRET_KEY"])
        receipt = receipts.read_receipt(text, key)
        answer = [self.rows[position].options[int(number) - 1]]
        return (
            receipt is not None
            and receipt.attempt_id == self.learner.attempt_id
            and receipt.position == position
            and receipt.digest == receipts.digest_of(answer)
        )


class Bench:
    """A browser with a folder of its own, so that what it keeps outlives it."""

    def __init__(self, playwright: Playwright, folder: Path, learner: Learner) -> None:
        self.playwright, self.folder, self.learner = playwright, folder, learner
        self.context: Any = None
        self.claims = Claims(learner)

    def open(self) -> Screen:
        if self.context is None:
            self.context = self.playwright.chromium.launch_persistent_context(
                str(self.folder),
                executable_path=CHROMIUM,
                args=FLAGS,
                base_url=self.learner.place.url,
                locale="en-GB",
            )
            self.context.set_default_timeout(20_000)
            self.context.add_cookies([self.learner.cookie()])
            self.page = self.context.pages[0]
            self.page.expose_function("told", lambda *given: self.claims.told(*given))
            self.page.expose_function("made", lambda *given: self.claims.made(*given))
        screen = Screen(self.page)
        screen.open(self.learner.sheet)
        return screen

    def kill(self) -> None:
        """End the browser as a dead battery does."""
        mark = f"--user-data-dir={self.folder}".encode()
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                parts = path.read_bytes().split(b"\0")
                if mark in parts and not any(one.startswith(b"--type=") for one in parts):
                    os.kill(int(path.parent.name), signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        self.context = None


def one_round(bench: Bench, place: Place, way: str, random: Random) -> list[str]:
    """Answer, cut, come back; name every answer that was lost or wrongly called saved."""
    bench.claims = Claims(bench.learner, bench.learner.questions())
    screen = bench.open()
    rows = [position for position, kind in screen.kinds().items() if kind in ROWS]
    screen.page.evaluate(WATCH)
    plan = [
        (random.randint(0, 350), random.choice(rows[:5]), random.choice("12"))
        for _ in range(random.randint(2, 8))
    ]
    screen.page.evaluate(CHOOSE, sorted(plan))
    _cut(bench, place, way, random)
    screen = bench.open()
    for _ in range(200):
        if screen.page.evaluate(WAITING) == 0:
            break
        screen.page.evaluate("dispatchEvent(new Event('online'))")
        screen.page.wait_for_timeout(100)
    _answer_unharmed(bench, screen, rows[0])
    return [*bench.claims.untrue, *_lost(bench), *_untrue(bench.learner, screen, rows)]


def _answer_unharmed(bench: Bench, screen: Screen, row: int) -> None:
    """Answer once more, and wait for its receipt: on a slow machine nothing was saved before the cut."""
    screen.page.evaluate(WATCH)
    saved = bench.claims.saved
    screen.page.evaluate(CHOOSE, [(0, row, "1"), (50, row, "2")])
    for _ in range(200):
        screen.page.wait_for_timeout(50)
        if bench.claims.saved > saved and screen.page.evaluate(WAITING) == 0:
            return


def _cut(bench: Bench, place: Place, way: str, random: Random) -> None:
    """Break something in the middle of the answers, and mend it once they are over."""
    page, context = bench.page, bench.context
    page.wait_for_timeout(random.uniform(0, 400))
    if way == "browser killed":
        bench.kill()
    elif way == "line cut":
        context.set_offline(True)
        page.wait_for_timeout(500)
        context.set_offline(False)
    elif way == "acknowledgement lost":
        page.route(ANSWERS, _deliver_and_cut)
        page.wait_for_timeout(700)
        page.unroute_all(behavior="ignoreErrors")
    else:
        assert place.process
        place.process.kill()
        place.process.join()
        page.wait_for_timeout(400)
        place.start()


def _deliver_and_cut(route: Any) -> None:
    with suppress(Error):
        route.fetch()
        route.abort()


def _lost(bench: Bench) -> list[str]:
    """Name what was acknowledged or kept, and is not on the server."""
    answers = bench.learner.answers()
    return [
        f"question {position}: {kind} {number}, later {bench.claims.since[position]}, on the server {answers.get(position)}"
        for position, (kind, number) in bench.claims.last.items()
        if answers.get(position) not in [[one] for one in (number, *bench.claims.since[position])]
    ]


def _untrue(learner: Learner, screen: Screen, rows: list[int]) -> list[str]:
    """Name what the page calls saved, though the server has something else."""
    answers = learner.answers()
    return [
        f"question {position}: shown {screen.chosen(position)} as saved, on the server {answers.get(position)}"
        for position in rows
        if screen.said(position).startswith("Saved")
        and screen.chosen(position) != answers.get(position)
    ]


def run(
    playwright: Playwright,
    place: Place,
    folder: Path,
    rounds: int,
    seed: int,
    ways: Sequence[str] = WAYS,
) -> Result:
    """Run the rounds, each way in turn, on one attempt of one learner."""
    random, result = Random(seed), Result()
    bench = Bench(playwright, folder, place.learner())
    for number in range(rounds):
        way = ways[number % len(ways)]
        faults = one_round(bench, place, way, random)
        result.ways[way] += 1
        result.acknowledged += bench.claims.saved
        result.kept += bench.claims.kept
        result.faults += [f"round {number} ({way}): {fault}" for fault in faults]
    if bench.context:
        bench.context.close()
    return result
