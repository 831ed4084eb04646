"""Names of children: a given name beside an age, a class, an event or a word for a child."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from cissapp.foundation.safeguards.rules import word_lists
from cissapp.foundation.safeguards.rules.folding import Folded
from cissapp.foundation.safeguards.rules.phrases import Word

NEAR = 12
SENTENCES_NEAR = 2
BESIDE = 3
SHORTEST = 3
FAR = 1_000_000
LONGEST_ENDING = 3
MARKS = ("child", "age", "class", "event")
INITIAL = re.compile(r"\s+[A-ZА-ЯІЇЄҐЎ]\.(?!\w)")
# "Ana Popa (11)": an age in brackets.
AGE_IN_BRACKETS = re.compile(r"(?:\s+[^\W\d_]+)?\s*\(\s*(?:[3-9]|1[0-7])(?!\d)(?!\s?[.:/]\d)")
BEFORE_A_SENTENCE = '.!?…:;\n«“„"‘(|–—-'
Places = dict[str, list[int]]


def named(text: str, folded: Folded, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the spans, in the folded text, of names that appear to be a child's."""
    known = word_lists.names()
    places: Places = {
        part: sorted({at for first, last in book.found(words) for at in range(first, last + 1)})
        for part, book in known.words.items()
    }
    marked = {at for part in MARKS for at in places[part]}
    if not marked:
        return
    for at, word in enumerate(words):
        if (
            _has_capital(text, folded, word)
            and at not in marked
            and _is_childs(text, folded, words, at, places)
        ):
            yield word.start, word.end


def _has_capital(text: str, folded: Folded, word: Word) -> bool:
    return text[folded.at[word.start]].isupper()


def _is_childs(text: str, folded: Folded, words: Sequence[Word], at: int, places: Places) -> bool:
    marks = {part for part in MARKS if _near(places[part], at, words)}
    after = folded.at[words[at].end - 1] + 1
    bracketed = AGE_IN_BRACKETS.match(text, after) is not None
    if bracketed:
        marks.add("age")
    if words[at].letters in word_lists.names().everyday and _begins(
        text, folded.at[words[at].start]
    ):
        return False
    if _is_name(words[at].letters):
        return len(marks) > 1 and not _is_adults(words, at, places)
    if len(words[at].letters) < SHORTEST:
        return False
    if _last_before(places["child"], at) == at - 1:
        return _follows_a_child(
            marks,
            initial=INITIAL.match(text, after) is not None,
            surname=_is_followed_by_a_name(text, folded, words, at, places),
        )
    return (
        "event" in marks
        and _is_called_so(text, folded, words, at, places, bracketed=bracketed)
        and not _is_adults(words, at, places)
    )


def _begins(text: str, at: int) -> bool:
    """Return whether a sentence begins here, after punctuation or a quotation mark: any word has a capital."""
    before = text[max(0, at - 3) : at].rstrip(" *_")
    return not before or before[-1] in BEFORE_A_SENTENCE


def _follows_a_child(marks: set[str], *, initial: bool, surname: bool) -> bool:
    """Return whether an unlisted name is a child's, as it follows a word for a child: "pupil Olesea G."."""
    if initial:
        return len(marks) > 1
    return "event" in marks and (surname or bool(marks & {"age", "class"}))


def _is_followed_by_a_name(
    text: str, folded: Folded, words: Sequence[Word], at: int, places: Places
) -> bool:
    """Return whether the next word, after a single space, is capitalised too: given name and surname."""
    following = words[at + 1] if at + 1 < len(words) else None
    return (
        following is not None
        and len(following.letters) > 1
        and following.start == words[at].end + 1
        and text[folded.at[words[at].end]].isspace()
        and _has_capital(text, folded, following)
        and not any(_within(places[one], at + 1, at + 1) for one in ("called", "adult"))
    )


def _is_name(word: str) -> bool:
    known = word_lists.names()
    if word in known.exact:
        return True
    return any(
        word[:-cut] in known.stems for cut in range(LONGEST_ENDING + 1) if cut < len(word) and cut
    ) or (word in known.stems)


def _is_adults(words: Sequence[Word], at: int, places: Places) -> bool:
    """Return whether the name is that of an adult with a job title, or of a school or a street."""
    child, adult, called = (_last_before(places[one], at) for one in ("child", "adult", "called"))
    if at - called <= BESIDE and called > child:
        return True
    if at - adult <= BESIDE + 1 and adult > child:
        return True
    follows = _within(places["adult"], at + 1, at + BESIDE)
    same = any(words[one].sentence == words[at].sentence for one in follows)
    return same and at - child > BESIDE


def _is_called_so(
    text: str, folded: Folded, words: Sequence[Word], at: int, places: Places, *, bracketed: bool
) -> bool:
    """Return whether an unlisted name has a child's age or class directly after it: "Olesea Gut, 8A"."""
    if _is_followed_by_a_name(text, folded, words, at, places):
        return bracketed or bool(_beside(places, at + 1))
    begins = at == 0 or words[at - 1].sentence != words[at].sentence
    return bracketed or (not begins and bool(_beside(places, at)))


def _beside(places: Places, at: int) -> list[int]:
    """Return the ages and classes that follow a name at once."""
    return [one for part in ("age", "class") for one in _within(places[part], at + 1, at + 2)]


def _near(places: list[int], at: int, words: Sequence[Word]) -> bool:
    """Return whether one of the places is near, at most two sentences away."""
    return any(
        one != at and abs(words[one].sentence - words[at].sentence) <= SENTENCES_NEAR
        for one in _within(places, at - NEAR, at + NEAR)
    )


def _within(places: list[int], first: int, last: int) -> list[int]:
    return places[bisect_left(places, first) : bisect_right(places, last)]


def _last_before(places: list[int], at: int) -> int:
    """Return the last place before this one; far away, if there is none."""
    found = bisect_left(places, at)
    return places[found - 1] if found else -FAR
