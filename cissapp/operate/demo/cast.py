"""Who and what appears in the demonstration. Everything is invented; addresses end in `.example`."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """How far a demo school has come."""

    REGISTERED = "registered"
    BEGUN = "begun"
    HALF_WAY = "half_way"
    READY = "ready"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    ASKED = "asked"
    CHANGES_REQUESTED = "changes_requested"
    SECOND_REVIEW = "second_review"
    TO_DECIDE = "to_decide"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal_decided"
    CERTIFIED = "certified"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


ABOUT = {
    Fate.REGISTERED: "registered, nothing begun",
    Fate.BEGUN: "just begun",
    Fate.HALF_WAY: "half-way through the modules",
    Fate.READY: "ready to submit",
    Fate.SUBMITTED: "submitted, waits for the first look",
    Fate.RETURNED: "sent back by the first look",
    Fate.IN_REVIEW: "under review",
    Fate.ASKED: "asked a question by the assessor",
    Fate.CHANGES_REQUESTED: "changes requested: minor gaps, with a letter",
    Fate.SECOND_REVIEW: "in second review, which differs from the first",
    Fate.TO_DECIDE: "recommended, waits for the decision",
    Fate.APPEALED: "minor gaps, has filed an appeal",
    Fate.APPEAL_DECIDED: "after an appeal: the panel saw no gaps",
    Fate.CERTIFIED: "certified",
    Fate.EXPIRING: "certificate expires within 60 days",
    Fate.EXPIRED: "certificate expired",
    Fate.SUSPENDED: "certificate suspended",
    Fate.WITHDRAWN: "certificate withdrawn",
}


@dataclass(frozen=True)
class Place:
    """A town and its region."""

    region: str
    name: str


@dataclass(frozen=True)
class DemoCountry:
    """A country of the demonstration: its group, its people, and how many schools have which fate."""

    code: str
    language: str
    group: str
    places: tuple[Place, ...]
    school: str
    heads: tuple[str, ...]
    staff: tuple[str, str, str]
    ministry: str
    fates: dict[Fate, int]


MOLDOVA = DemoCountry(
    code="MD",
    language="ro",
    group="Demo group Moldova",
    places=(
        Place("MD-CU", "Chișinău"),
        Place("MD-OR", "Orhei"),
        Place("MD-CA", "Cahul"),
        Place("MD-BA", "Bălți"),
        Place("MD-SO", "Soroca"),
        Place("MD-GA", "Comrat"),
        Place("MD-UN", "Ungheni"),
        Place("MD-HI", "Hîncești"),
    ),
    school="Liceul Teoretic demonstrativ nr. {number}",
    heads=("Ana Munteanu", "Ion Rusu", "Maria Ceban", "Vasile Lungu", "Elena Botnaru"),
    staff=("Doina Sandu", "Petru Cojocaru", "Lidia Moraru"),
    ministry="Ministry of Education, Moldova (demo)",
    fates={
        Fate.REGISTERED: 9,
        Fate.BEGUN: 11,
        Fate.HALF_WAY: 9,
        Fate.READY: 2,
        Fate.SUBMITTED: 3,
        Fate.RETURNED: 1,
        Fate.IN_REVIEW: 2,
        Fate.ASKED: 1,
        Fate.CHANGES_REQUESTED: 1,
        Fate.SECOND_REVIEW: 1,
        Fate.TO_DECIDE: 1,
        Fate.APPEALED: 1,
        Fate.APPEAL_DECIDED: 1,
        Fate.CERTIFIED: 14,
        Fate.EXPIRING: 2,
        Fate.EXPIRED: 2,
        Fate.SUSPENDED: 1,
        Fate.WITHDRAWN: 1,
    },
)

UKRAINE = DemoCountry(
    code="UA",
    language="uk",
    group="Demo group Ukraine",
    places=(
        Place("UA-30", "Київ"),
        Place("UA-46", "Львів"),
        Place("UA-05", "Вінниця"),
        Place("UA-53", "Полтава"),
        Place("UA-77", "Чернівці"),
        Place("UA-68", "Хмельницький"),
    ),
    school="Демонстраційний ліцей № {number}",
    heads=("Оксана Коваль", "Андрій Бондар", "Ірина Ткач", "Сергій Мельник", "Юлія Гончар"),
    staff=("Наталія Шевчук", "Богдан Кравець", "Леся Поліщук"),
    ministry="Ministry of Education, Ukraine (demo)",
    fates={
        Fate.REGISTERED: 7,
        Fate.BEGUN: 8,
        Fate.HALF_WAY: 6,
        Fate.READY: 1,
        Fate.SUBMITTED: 2,
        Fate.IN_REVIEW: 1,
        Fate.CHANGES_REQUESTED: 1,
        Fate.TO_DECIDE: 1,
        Fate.CERTIFIED: 8,
        Fate.EXPIRING: 1,
        Fate.EXPIRED: 1,
        Fate.SUSPENDED: 1,
        Fate.WITHDRAWN: 1,
    },
)

BELARUS = DemoCountry(
    code="BY",
    language="be",
    group="Demo group Belarus",
    places=(
        Place("BY-HM", "Мінск"),
        Place("BY-HR", "Гродна"),
        Place("BY-VI", "Віцебск"),
    ),
    school="Дэманстрацыйная гімназія № {number}",
    heads=("Алена Кавалёва", "Павел Жук", "Вольга Сідарэнка"),
    staff=("Тацяна Новік", "Ігар Лявонаў", "Ганна Казлова"),
    ministry="Ministry of Education, Belarus (demo)",
    fates={
        Fate.REGISTERED: 6,
        Fate.BEGUN: 6,
        Fate.HALF_WAY: 4,
        Fate.CERTIFIED: 5,
        Fate.EXPIRING: 1,
    },
)

COUNTRIES = (MOLDOVA, UKRAINE, BELARUS)

PASSWORDS = {
    "school": "a quiet river in spring",
    "staff": "seven lanterns over the bridge",
}
