"""Finds a rule on evidence that asks someone to keep or copy pictures (criterion B9), by its words."""

import re
from bisect import bisect_left, bisect_right
from functools import cache

# Word stems in the five languages of the programme: the actions, their objects, and negations.
KEEPS = (
    # English
    r"sav(?:e|es|ed|ing)", r"keep(?:s|ing)?", r"kept", r"stor(?:e|es|ed|ing)", r"cop(?:y|ies|ied|ying)",
    r"print(?:s|ed|ing)?", r"screenshots?", r"photograph(?:s|ed|ing)?", r"forward(?:s|ed|ing)?",
    r"download(?:s|ed|ing)?", r"collect(?:s|ed|ing)?", r"tak(?:e|es|ing) (?:a |an )?(?:photo|picture|screenshot)s?",
    # Romanian
    r"salv\w+", r"păstr\w+", r"stoch\w+", r"copi(?:ază|ați|em|eze|ere|erea|a|ind|ate)", r"tipăr\w+", r"imprim\w+",
    r"fotografia\w+", r"fotografiază", r"redirecțion\w+", r"descărc\w+", r"colect\w+", r"fac(?:e|em|eți)? capturi?",
    # Russian
    r"сохран\w+", r"хран\w+", r"скопир\w+", r"копир\w+", r"распечат\w+", r"(?:с|за)?фотографир\w+",
    r"пересыла\w+", r"перешл\w+", r"скач\w+", r"собира\w+", r"дела\w+ (?:скриншот|снимок|фото)\w*",
    # Ukrainian
    r"зберіга\w+", r"зберег\w+", r"збереж\w+", r"(?:с|з)?копію\w+", r"роздруку\w+", r"(?:с|з)?фотографу\w+",
    r"пересила\w+", r"переш\w+", r"завантаж\w+", r"збира\w+", r"роб\w+ (?:скриншот|скріншот|знімок|фото)\w*",
    # Belarusian
    r"захоўва\w+", r"захав\w+", r"(?:с)?капір\w+", r"раздрук\w+", r"(?:с)?фатаграфу\w+", r"перасыла\w+",
    r"спампоў\w+", r"збіра\w+", r"роб\w+ (?:скрыншот|здымак|фота)\w*",
)  # fmt: skip
PICTURES = (
    r"photos?", r"pictures?", r"images?", r"screenshots?", r"videos?", r"footage",
    r"foto\w*", r"poz(?:a|e|ele|ă|elor)", r"imagin\w+", r"captur\w+", r"video\w*", r"filmări\w*",
    r"фото\w*", r"снимк\w+", r"снимок", r"изображени\w+", r"картин\w+", r"скриншот\w*", r"видео\w*",
    r"знімк\w+", r"знімок", r"зображен\w+", r"скріншот\w*", r"відео\w*",
    r"фота\w*", r"здымк\w+", r"здымак", r"выяв\w*", r"малюнк\w+", r"скрыншот\w*", r"відэа\w*",
)  # fmt: skip
DENIES = (
    r"nobody", r"no one", r"no-one", r"never", r"not", r"nor", r"no (?:adult|staff|teacher|member|person|pictures?|images?|photos?)",
    r"cannot", r"\w+n['’]t", r"without", r"instead of", r"forbidden", r"prohibited",
    r"nimeni", r"niciodată", r"nu", r"fără", r"nici", r"nicio", r"niciun", r"interzis\w*",
    r"никто", r"никогда", r"не", r"нельзя", r"без", r"ни", r"запрещ\w+", r"ничего",
    r"ніхто", r"ніколи", r"не можна", r"заборон\w+", r"ані", r"жод\w+",
    r"ніхто", r"ніколі", r"нельга", r"забар[оа]н\w+", r"ніводн\w+", r"ні",
)  # fmt: skip
# Words that forbid the whole sentence, wherever they occur in it.
FORBIDS = (
    r"forbidden", r"prohibited", r"not allowed", r"interzis\w*", r"запрещ\w+", r"нельзя", r"заборон\w+", r"не можна",
    r"забар[оа]н\w+", r"нельга",
)  # fmt: skip

# The most words between an action and its object.
REACH = 6


@cache
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of these words, compiled on first use because that is slow."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_SENTENCE = re.compile(r"[^.!?\n]+")
_WORD = re.compile(r"\w+")


def keeps_pictures(text: str) -> str | None:
    """Find the words that ask someone to keep or copy pictures; None if there are none.

    A sentence with an earlier negation, or with a word that forbids, does not count. Only words are
    examined, so this may be wrong: the message shown explains how to phrase the rule unambiguously.
    """
    for sentence in _SENTENCE.findall(text):
        found = None if _any(FORBIDS).search(sentence) else _asks(sentence)
        if found:
            return found
    return None


def _asks(sentence: str) -> str | None:
    near = _Near(sentence)
    looked = 0
    for kept in _any(KEEPS).finditer(sentence):
        if _any(DENIES).search(sentence, looked, kept.start()):
            return None
        looked = kept.start()
        for picture in near.pictures(kept):
            start, end = min(kept.start(), picture.start()), max(kept.end(), picture.end())
            if not _any(DENIES).search(sentence, start, end):
                return sentence[start:end].strip()
    return None


class _Near:
    """An index of the pictures in a sentence by word position, so that each lookup is fast."""

    def __init__(self, sentence: str) -> None:
        self._words = [found.start() for found in _WORD.finditer(sentence)]
        self._pictures = list(_any(PICTURES).finditer(sentence))
        self._firsts = [self._words_before(found.start()) for found in self._pictures]
        self._nexts = [self._words_before(found.end()) for found in self._pictures]

    def pictures(self, kept: re.Match[str]) -> list[re.Match[str]]:
        """Return the pictures with at most `REACH` words between them and the action."""
        first = bisect_left(self._nexts, self._words_before(kept.start()) - REACH)
        last = bisect_right(self._firsts, self._words_before(kept.end()) + REACH)
        return self._pictures[first:last]

    def _words_before(self, place: int) -> int:
        return bisect_left(self._words, place)
