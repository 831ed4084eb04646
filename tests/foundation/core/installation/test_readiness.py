"""Readiness: one look at a time, kept for some seconds, waited for briefly."""

import threading

from cissapp.foundation.core.installation.readiness import Readiness, Watch, readiness_of


def test_what_is_needed_stands_apart_from_the_rest():
    watches = [
        Watch("database", lambda: None),
        Watch("files", lambda: "the bucket does not exist"),
        Watch("mail", lambda: "it cannot be reached", needed=False),
    ]

    assert readiness_of(watches) == Readiness(
        ("files: the bucket does not exist",), ("mail: it cannot be reached",)
    )


def test_a_look_that_hangs_is_made_once_and_waited_for_once():
    ends, begun = threading.Event(), []

    def hangs() -> None:
        begun.append(1)
        assert ends.wait(30)

    watch = Watch("database", hangs, fresh=0.0)
    late = Readiness(("database: it did not answer in time",), ())

    assert readiness_of([watch], patience=0.01) == late
    # A patience of an hour: whoever comes now must not wait at all.
    assert [readiness_of([watch], patience=3600) for _ in range(5)] == [late] * 5
    assert begun == [1]
    ends.set()
    assert watch._idle.wait(30)
    assert readiness_of([watch]) == Readiness((), ())


def test_what_was_found_is_kept_for_a_while():
    looks = []
    watch = Watch("files", lambda: looks.append(1), fresh=3600)

    assert [readiness_of([watch]) for _ in range(3)] == [Readiness((), ())] * 3
    assert looks == [1]


def test_many_at_once_share_a_look():
    begun, ends = [], threading.Event()

    def slow() -> None:
        begun.append(1)
        assert ends.wait(30)

    watch, found = Watch("files", slow, fresh=3600), []
    threads = [
        threading.Thread(target=lambda: found.append(readiness_of([watch], patience=30)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    ends.set()
    for thread in threads:
        thread.join(30)

    assert (found, begun) == ([Readiness((), ())] * 8, [1])


def test_an_error_that_nobody_foresaw_is_named_by_its_kind_alone():
    def breaks() -> None:
        raise RuntimeError("postgresql://user:secret@host")

    assert readiness_of([Watch("database", breaks)]).needed == ("database: RuntimeError",)
