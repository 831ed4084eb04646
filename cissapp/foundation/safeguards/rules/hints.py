"""Hints: words that suggest a disclosure only in combination, such as a relative, a night and a secret."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cissapp.foundation.safeguards.rules.phrases import Word
from cissapp.foundation.safeguards.rules.word_lists import DisclosureWords

ENOUGH = 3
FAR = 1_000_000
HEAVY = frozenset({"sex", "threat", "injury", "hunger", "harm"})
Weighed = dict[int, dict[str, tuple[int, int]]]


def hinted(
    words: Sequence[Word], told: DisclosureWords, of_others: set[int], rules: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield first and last word of hints that weigh enough together, about oneself or one's child.

    `of_others` are the sentences that mention another child and say when. A heavy hint weighs two, any other
    one. A lesson, a survey, a prohibition or a rule is not a disclosure, whatever its subject.
    """
    found = _weighed(words, told)
    heard = {sentence for sentence, hints in found.items() if _weight(hints) >= ENOUGH}
    if not heard:
        return
    spoken_of = of_others | {
        words[first].sentence
        for book in (told.self_, told.mine)
        for first, _last in book.found(words)
    }
    lessons = {words[first].sentence for first, _last in told.lesson.found(words)}
    for sentence in sorted((heard & spoken_of) - lessons):
        places = sorted(found[sentence].values())
        if rules.get(sentence, FAR) > places[-1][0]:
            yield places[0][0], max(last for _first, last in places)


def _weighed(words: Sequence[Word], told: DisclosureWords) -> Weighed:
    """Return for each sentence the kinds of hints in it, each with its first place."""
    found: Weighed = defaultdict(dict)
    for kind, book in (*told.hints.items(), ("harm", told.harm)):
        for first, last in book.found(words):
            found[words[first].sentence].setdefault(kind, (first, last))
    return found


def _weight(hints: dict[str, tuple[int, int]]) -> int:
    return len(hints) + len(HEAVY & hints.keys())
