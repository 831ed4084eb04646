"""Who and what appears in the demonstration. Everything is invented; addresses end in `.example`."""

from enum import StrEnum

from msgspec import Struct

from cissapp.people.schools.rules import LetterheadText


class DemoState(StrEnum):
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
    DemoState.REGISTERED: "registered, nothing begun",
    DemoState.BEGUN: "just begun",
    DemoState.HALF_WAY: "half-way through the modules",
    DemoState.READY: "ready to submit",
    DemoState.SUBMITTED: "submitted, waits for the first look",
    DemoState.RETURNED: "sent back by the first look",
    DemoState.IN_REVIEW: "under review",
    DemoState.ASKED: "asked a question by the reviewer",
    DemoState.CHANGES_REQUESTED: "changes requested: minor gaps, with a letter",
    DemoState.SECOND_REVIEW: "in second review, which differs from the first",
    DemoState.TO_DECIDE: "recommended, waits for the decision",
    DemoState.APPEALED: "minor gaps, has filed an appeal",
    DemoState.APPEAL_DECIDED: "after an appeal: the panel saw no gaps",
    DemoState.CERTIFIED: "certified",
    DemoState.EXPIRING: "certificate expires within 60 days",
    DemoState.EXPIRED: "certificate expired",
    DemoState.SUSPENDED: "certificate suspended",
    DemoState.WITHDRAWN: "certificate withdrawn",
}


class DemoTown(Struct, frozen=True):
    """A town and its region."""

    region: str
    name: str


class DemoCountry(Struct, frozen=True):
    """A country of the demonstration: its group, its people, and how many schools have which state."""

    code: str
    language: str
    group: str
    places: tuple[DemoTown, ...]
    school: str
    heads: tuple[str, ...]
    staff: tuple[str, str, str]
    ministry: str
    states: dict[DemoState, int]
    letterhead: LetterheadText | None = None
    # The region whose figures the region officer sees; that of the first town if none is named.
    officer_region: str = ""


MOLDOVA = DemoCountry(
    code="MD",
    language="ro",
    group="Grupul național demonstrativ, Moldova",
    places=(
        DemoTown("MD-CU", "Chișinău"),
        DemoTown("MD-OR", "Orhei"),
        DemoTown("MD-CA", "Cahul"),
        DemoTown("MD-BA", "Bălți"),
        DemoTown("MD-SO", "Soroca"),
        DemoTown("MD-GA", "Comrat"),
        DemoTown("MD-UN", "Ungheni"),
        DemoTown("MD-HI", "Hîncești"),
    ),
    school="Liceul Teoretic demonstrativ nr. {number}",
    heads=("Ana Munteanu", "Ion Rusu", "Maria Ceban", "Vasile Lungu", "Elena Botnaru"),
    staff=("Doina Sandu", "Petru Cojocaru", "Lidia Moraru"),
    ministry="Ministry of Education, Moldova (demo)",
    states={
        DemoState.REGISTERED: 9,
        DemoState.BEGUN: 11,
        DemoState.HALF_WAY: 9,
        DemoState.READY: 2,
        DemoState.SUBMITTED: 3,
        DemoState.RETURNED: 1,
        DemoState.IN_REVIEW: 2,
        DemoState.ASKED: 1,
        DemoState.CHANGES_REQUESTED: 1,
        DemoState.SECOND_REVIEW: 1,
        DemoState.TO_DECIDE: 1,
        DemoState.APPEALED: 1,
        DemoState.APPEAL_DECIDED: 1,
        DemoState.CERTIFIED: 14,
        DemoState.EXPIRING: 2,
        DemoState.EXPIRED: 2,
        DemoState.SUSPENDED: 1,
        DemoState.WITHDRAWN: 1,
    },
    letterhead=LetterheadText(
        "Irina Demo",
        "Președinta Grupului național",
        "strada Inventată 1\nMD-0000 Chișinău\nintrebari@group.example",
    ),
)

UKRAINE = DemoCountry(
    code="UA",
    language="uk",
    group="Демонстраційна національна група, Україна",
    places=(
        DemoTown("UA-30", "Київ"),
        DemoTown("UA-46-06", "Львів"),
        DemoTown("UA-05-02", "Вінниця"),
        DemoTown("UA-53-08", "Полтава"),
        DemoTown("UA-05-04", "Гайсин"),
        DemoTown("UA-77-06", "Чернівці"),
        DemoTown("UA-68", "Хмельницький"),
    ),
    officer_region="UA-05",
    school="Демонстраційний ліцей № {number}",
    heads=("Оксана Коваль", "Андрій Бондар", "Ірина Ткач", "Сергій Мельник", "Юлія Гончар"),
    staff=("Наталія Шевчук", "Богдан Кравець", "Леся Поліщук"),
    ministry="Ministry of Education, Ukraine (demo)",
    states={
        DemoState.REGISTERED: 7,
        DemoState.BEGUN: 8,
        DemoState.HALF_WAY: 6,
        DemoState.READY: 1,
        DemoState.SUBMITTED: 2,
        DemoState.IN_REVIEW: 1,
        DemoState.CHANGES_REQUESTED: 1,
        DemoState.TO_DECIDE: 1,
        DemoState.CERTIFIED: 8,
        DemoState.EXPIRING: 1,
        DemoState.EXPIRED: 1,
        DemoState.SUSPENDED: 1,
        DemoState.WITHDRAWN: 1,
    },
    letterhead=LetterheadText(address="вул. Вигадана, 1\n01001 Київ\nzapytannia@group.example"),
)

BELARUS = DemoCountry(
    code="BY",
    language="be",
    group="Дэманстрацыйная нацыянальная група, Беларусь",
    places=(
        DemoTown("BY-HM", "Мінск"),
        DemoTown("BY-HR", "Гродна"),
        DemoTown("BY-VI", "Віцебск"),
    ),
    school="Дэманстрацыйная гімназія № {number}",
    heads=("Алена Кавалёва", "Павел Жук", "Вольга Сідарэнка"),
    staff=("Тацяна Новік", "Ігар Лявонаў", "Ганна Казлова"),
    ministry="Ministry of Education, Belarus (demo)",
    states={
        DemoState.REGISTERED: 6,
        DemoState.BEGUN: 6,
        DemoState.HALF_WAY: 4,
        DemoState.CERTIFIED: 5,
        DemoState.EXPIRING: 1,
    },
)

COUNTRIES = (MOLDOVA, UKRAINE, BELARUS)

PASSWORDS = {
    "school": "a quiet river in spring",
    "staff": "seven lanterns over the bridge",
}
