"""Invented names of schools, places and people, in the languages and scripts of the countries."""

from random import Random

from msgspec import Struct


class NameParts(Struct, frozen=True):
    """The parts from which names in a language are put together."""

    schools: tuple[str, ...]
    patrons: tuple[str, ...]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]


UKRAINIAN = NameParts(
    schools=(
        "Ліцей № {number}",
        "Гімназія № {number}",
        "Ліцей «{patron}»",
        "Гімназія імені {patron}",
        "Заклад загальної середньої освіти № {number}",
        "Опорний ліцей «{patron}»",
    ),
    patrons=(
        "Джерело",
        "Обрій",
        "Надія",
        "Паросток",
        "Перспектива",
        "Світанок",
        "Криниця",
        "Лелека",
    ),
    stems=(
        "Вишн",
        "Калин",
        "Дубр",
        "Яблун",
        "Степ",
        "Озер",
        "Лип",
        "Верб",
        "Каштан",
        "Журавл",
        "Камін",
        "Борисл",
    ),
    endings=("івка", "ове", "анка", "ець", "опіль", "ичі", "ятин", "инці"),
    first=(
        "Оксана",
        "Андрій",
        "Ірина",
        "Сергій",
        "Юлія",
        "Тарас",
        "Ганна",
        "Олег",
        "Марія",
        "Степан",
    ),
    last=(
        "Коваль",
        "Бондар",
        "Ткач",
        "Мельник",
        "Гончар",
        "Кравчук",
        "Лисенко",
        "Савчук",
        "Мороз",
        "Романюк",
    ),
)
RUSSIAN = NameParts(
    schools=("Школа № {number}", "Гимназия № {number}", "Лицей «{patron}»"),
    patrons=("Родник", "Горизонт", "Надежда", "Росток", "Перспектива", "Рассвет"),
    stems=("Вишн", "Калин", "Дубр", "Яблон", "Степ", "Озёр", "Лип", "Камен"),
    endings=("овка", "ово", "янка", "ец", "ичи", "ино"),
    first=("Елена", "Сергей", "Ирина", "Павел", "Мария", "Олег"),
    last=("Орлова", "Лебедь", "Гончар", "Мельник", "Ткач", "Мороз"),
)
ROMANIAN = NameParts(
    schools=(
        "Liceul Teoretic „{patron}”",
        "Gimnaziul nr. {number}",
        "Școala primară nr. {number}",
        "Gimnaziul „{patron}”",
        "Liceul Tehnologic nr. {number}",
    ),
    patrons=("Izvorul", "Luceafărul", "Speranța", "Lăstarul", "Orizont", "Mărțișor", "Cocostârcul"),
    stems=("Vișin", "Stej", "Frăs", "Plop", "Izvor", "Lunc", "Țăr", "Călin", "Mălăi"),
    endings=("eni", "ești", "oaia", "ița", "ăuți", "ari", "eț"),
    first=("Ana", "Ion", "Maria", "Vasile", "Elena", "Mihai", "Doina", "Ștefan", "Natalia"),
    last=("Munteanu", "Rusu", "Ceban", "Lungu", "Botnaru", "Țurcanu", "Moraru", "Cojocaru"),
)
BELARUSIAN = NameParts(
    schools=("Сярэдняя школа № {number}", "Гімназія № {number}", "Ліцэй «{patron}»"),
    patrons=("Крыніца", "Світанак", "Надзея", "Парастак", "Бусел", "Далягляд"),
    stems=("Вішн", "Калін", "Дубр", "Яблын", "Азёр", "Ліп", "Бяроз", "Камен"),
    endings=("аўка", "ава", "янка", "ец", "ічы", "іна"),
    first=("Алена", "Павел", "Вольга", "Ігар", "Ганна", "Тацяна", "Янка"),
    last=("Кавалёва", "Жук", "Сідарэнка", "Новік", "Лявонаў", "Казлова", "Мароз"),
)
ENGLISH = NameParts(
    schools=("{patron} School", "School No. {number}", "{patron} Academy"),
    patrons=("Riverside", "Hillview", "Northfield", "Oakwood", "Meadow", "Harbour"),
    stems=("Ash", "Brook", "Elm", "Fern", "Glen", "Marsh", "Thorn", "Wood"),
    endings=("ford", "ton", "ham", "bury", "field", "wick"),
    first=("Ann", "John", "Mary", "Peter", "Ellen", "Tom"),
    last=("Miller", "Baker", "Hill", "Woods", "Carter", "Moore"),
)
PARTS = {"uk": UKRAINIAN, "ru": RUSSIAN, "ro": ROMANIAN, "be": BELARUSIAN}


def drawn_by(seed: str) -> Random:
    """Return a random generator for a seed; the same seed yields the same names."""
    return Random(seed)  # noqa: S311 -- nothing here is secret


def parts_of(language: str) -> NameParts:
    """Return the parts of names in a language; those of English if we have none."""
    return PARTS.get(language, ENGLISH)


def school_name(language: str, random: Random) -> str:
    """Draw the name of a school; many share one, as in real life."""
    parts = parts_of(language)
    return random.choice(parts.schools).format(
        number=1 + int(random.paretovariate(0.8)) % 300, patron=random.choice(parts.patrons)
    )


def place_name(language: str, random: Random) -> str:
    """Draw the name of a village or a town."""
    parts = parts_of(language)
    return random.choice(parts.stems) + random.choice(parts.endings)


def person_name(language: str, random: Random) -> str:
    """Draw the name of a person."""
    parts = parts_of(language)
    return f"{random.choice(parts.first)} {random.choice(parts.last)}"
