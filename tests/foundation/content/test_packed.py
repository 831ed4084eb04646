"""Texts and rare parts of cached content: the same as before, and unpacked only when they are read."""

import pickle

import pytest

from cissapp.foundation.content import packed
from cissapp.foundation.content.packed import Rare, Texts

WORDS = {"en": ["One", "Two"], "uk": ["Один", "Два"]}


@pytest.fixture
def unpacked(monkeypatch):
    """Count what is unpacked, with a memory of its own."""
    found = []
    real = packed._unpack

    def unpack(data):
        found.append(real(data))
        return found[-1]

    monkeypatch.setattr(packed, "_unpack", unpack)
    monkeypatch.setattr(
        packed, "_recently_unpacked", packed.lru_cache(maxsize=packed.UNPACKED)(unpack)
    )
    return found


def test_texts_are_unpacked_one_language_at_a_time_and_once(unpacked):
    texts = pickle.loads(pickle.dumps(Texts(WORDS)))

    assert (list(texts), len(texts), "uk" in texts, "fr" in texts) == (["en", "uk"], 2, True, False)
    assert (texts.get("fr"), unpacked) == (None, [])
    assert texts["uk"] is texts.get("uk")
    assert unpacked == [WORDS["uk"]]
    assert pickle.loads(pickle.dumps(texts)) == texts == WORDS


def test_rare_parts_are_unpacked_as_a_whole(unpacked):
    rare = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(Rare(WORDS)))))

    assert unpacked == []
    assert (rare["uk"], list(rare), len(rare)) == (WORDS["uk"], ["en", "uk"], 2)
    assert rare == WORDS
    assert unpacked == [WORDS]
