"""What the values of a list mean in five languages: languages and duties."""

from functools import lru_cache

from cissapp.foundation.core.unicode import folded_name
from cissapp.people.accounts.rules import Duty

LANGUAGES = {
    folded_name(name): code
    for code, names in {
        "ro": ("ro", "română", "romana", "romanian", "румынский", "румунська", "румынская", "moldovenească",
               "молдавский", "молдавська", "рум"),
        "uk": ("uk", "ua", "укр", "українська", "ukrainian", "украинский", "ucraineană", "украінская"),
        "ru": ("ru", "рос", "рус", "русский", "russian", "російська", "rusă", "руская"),
        "be": ("be", "by", "бел", "беларуская", "belarusian", "белорусский", "білоруська", "bielorusă"),
        "en": ("en", "english", "англійська", "английский", "engleză", "англійская"),
    }.items()
    for name in names
}  # fmt: skip
# “Українська мова”, “limba română”.
WORDS_FOR_LANGUAGE = frozenset(map(folded_name, ("language", "limba", "мова", "язык")))
DUTIES = {
    folded_name(name): duty
    for duty, names in {
        Duty.HEAD: ("head", "head teacher", "principal", "director", "directoare", "директор", "директорка",
                    "керівник", "керівник школи", "руководитель", "дырэктар", "кіраўнік"),
        Duty.DEPUTY: ("deputy", "deputy head", "director adjunct", "directoare adjunctă", "заступник",
                      "заступниця", "заступник директора", "заступник керівника школи", "заместитель",
                      "заместитель директора", "намеснік", "намеснік дырэктара"),
        Duty.DESIGNATED_PERSON: (
            "designated", "designated person", "designated_person", "designated person for child protection",
            "persoana responsabilă", "persoană responsabilă", "persoana responsabilă cu protecția copilului",
            "persoana desemnată", "persoană desemnată", "відповідальна особа", "відповідальна особа із захисту дітей",
            "уповноважена особа", "ответственное лицо", "ответственное лицо по защите детей", "уполномоченное лицо",
            "адказная асоба", "адказная асоба за абарону дзяцей", "упаўнаважаная асоба",
        ),
    }.items()
    for name in names
}  # fmt: skip


@lru_cache(maxsize=256)
def language_named(text: str) -> str | None:
    """Return the code of a language that is named in any of the five; None for other texts."""
    words = folded_name(text).split()
    return LANGUAGES.get(" ".join(word for word in words if word not in WORDS_FOR_LANGUAGE))


def duty_named(text: str) -> Duty | None:
    """Return the duty that is named in any of the five languages; the head without a text, None for other texts."""
    return DUTIES.get(folded_name(text)) if text else Duty.HEAD
