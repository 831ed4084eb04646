"""Pictures of pages: drawn by the worker, small, and none at all rather than a fault."""

import resource
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from cissapp.foundation.core.errors import Busy
from cissapp.foundation.intake import draw_page, draw_pages, isolation
from cissapp.foundation.intake import worker_pool as isolated
from cissapp.foundation.intake.worker_pool import WorkerSlots
from tests.foundation.intake import hostile_pdfs
from tests.foundation.intake.pdfs import CATALOG, drawn, plain, stream, write

SECONDS = 5


def seconds_of_workers() -> float:
    """Return the processor time of all workers so far: the clock would measure what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_page_is_drawn_large_and_small():
    large, small = draw_page(drawn(3), 2) or []

    shapes = []
    for one in (large, small):
        with Image.open(BytesIO(one.content)) as opened:
            shapes.append((opened.format, opened.size == (one.width, one.height), one.width))
            grey = opened.convert("L").getextrema()
        assert grey[0] < 160, "there is ink"
        assert grey[1] > 240, "on white paper"
    assert shapes == [("WEBP", True, 900), ("WEBP", True, 180)]
    assert len(large.content) <= 60_000


@pytest.mark.parametrize("number", [0, 4, 3_000])
def test_a_page_that_is_not_there_has_no_picture(number: int):
    assert draw_page(drawn(3), number) is None


def test_a_banner_is_not_drawn_endlessly_high():
    content = plain().replace(b"[0 0 612 792]", b"[0 0 100 14400]")
    pictures = draw_page(content, 1)

    assert pictures is None or pictures[0].height <= 3_700


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"GIF89a", bytes(5_000_000)])
def test_what_is_no_pdf_has_no_picture(content: bytes):
    assert draw_page(content, 1) is None


@pytest.mark.parametrize(
    "script",
    ["import os; os.kill(os.getpid(), 11)", "raise MemoryError", "print('{}')", "print()",
     "while True: pass", "print('[[9, 9, 4], [9, 9, 4]]\\nnopenope')", "print('[[9, 9, 8]]\\nRIFF')",
     "print('[]')", "print('{\"pages\": []}')"],
)  # fmt: skip
def test_a_drawer_that_fails_means_no_picture(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "worker.py").write_text(script)
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    monkeypatch.setattr(isolation, "SECONDS_TO_DRAW", 0.5)
    # One that never ends has its second of processor time, however long that takes.
    monkeypatch.setattr(isolated, "CLOCK_TIMES", 120)

    assert draw_page(drawn(), 1) is None


def slow_in_the_middle() -> bytes:
    """Write three pages; the second takes longer than a worker has."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R >>"
    lines = b"".join(b"0 0 m %d 700 l S " % (step % 600) for step in range(900_000))
    kids = b"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >>"
    pages = {3: page % 6, 4: page % 7, 5: page % 6}
    return write({1: CATALOG % b"", 2: kids, **pages, 6: stream(b"BT ET"), 7: stream(lines)})


def test_pages_are_drawn_by_one_worker_and_are_the_same_as_alone(monkeypatch: pytest.MonkeyPatch):
    content, started = drawn(4), []
    run = isolated.run
    monkeypatch.setattr(isolated, "run", lambda *a, **b: started.append(a[2:]) or run(*a, **b))

    together = draw_pages(content, 2, 4)

    assert started == [("page", "2", "4")]
    assert together == [draw_page(content, number) for number in (2, 3, 4)]


def test_a_bad_page_costs_only_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "SECONDS_TO_DRAW", 1.0)
    content, found, started = slow_in_the_middle(), [], []
    run = isolated.run
    monkeypatch.setattr(isolated, "run", lambda *a, **b: started.append(a[3]) or run(*a, **b))

    while len(found) < 3:
        found += draw_pages(content, len(found) + 1, 3)

    assert [bool(one) for one in found] == [True, False, True]
    assert started == ["1", "2", "3"]


@pytest.mark.parametrize(
    "end",
    [
        b"[[595, 842, 9]]\nRIFF",
        b"[[595, 842, 4]]\nGIF8",
        b"[[595,",
        b"more",
        b"{}\n",
        b"[1]\n",
        b"\xff\n",
    ],
)
def test_a_bad_end_of_what_a_worker_wrote_leaves_the_pages_before(
    monkeypatch: pytest.MonkeyPatch, end: bytes
):
    page = b"[[595, 842, 5], [100, 141, 4]]\nRIFF1RIFF"

    def told(answer: bytes) -> list[list[bytes]]:
        monkeypatch.setattr(isolated, "run", lambda *_a, **_b: answer)
        return [[one.content for one in pictures] for pictures in isolation.draw(b"", 1, 3)]

    assert told(page + page + end) == [[b"RIFF1", b"RIFF"]] * 2
    assert told(end) == []


def test_when_many_draw_at_once_one_is_told_to_wait(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolated, "SLOTS", WorkerSlots(1, 0))

    with isolated.SLOTS.held(0), pytest.raises(Busy):
        draw_page(drawn(), 1)


def test_a_page_that_draws_for_ever_is_given_up_in_time():
    """Half a million crossing lines: a taken PDF may be slow to draw, and a person waits."""
    lines = b"".join(b"0 0 m %d 700 l S " % (step % 600) for step in range(500_000))
    content = plain(content=lines)
    before = seconds_of_workers()

    draw_page(content, 1)

    assert seconds_of_workers() - before < SECONDS


def test_a_hostile_file_that_came_past_the_door_cannot_break_the_drawing():
    """The door refuses them; should one ever be in the store, it has a picture or none, in time."""
    slow = []
    for place, (name, make, _) in enumerate(hostile_pdfs.cases()):
        if place % 6:
            continue
        before = seconds_of_workers()
        draw_page(make(), 1)
        if seconds_of_workers() - before > SECONDS:
            slow.append(name)

    assert slow == []


def test_a_photo_is_packed_smaller_than_exactly():
    out = BytesIO()
    Image.effect_noise((900, 600), 90).convert("RGB").save(out, "JPEG", quality=85)
    content = plain(
        more={5: stream(out.getvalue(), b"/Subtype /Image /Width 900 /Height 600 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode")},
        page=b"/Resources << /XObject << /I 5 0 R >> >>",
        content=b"600 0 0 400 0 300 cm /I Do",
    )  # fmt: skip

    large, _ = draw_page(content, 1) or []

    assert len(large.content) < 250_000
