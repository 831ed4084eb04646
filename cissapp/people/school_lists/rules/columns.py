"""Headings of list columns in five languages, and the columns that a list must have."""

import re
from collections.abc import Container, Iterable
from enum import StrEnum

from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.unicode import folded


class ListColumn(StrEnum):
    """What a column of a list holds."""

    COUNTRY = "country"
    REGION = "region"
    CODE = "code"
    NAME = "name"
    LOCALITY = "locality"
    ADDRESS = "address"
    LANGUAGE = "language"
    PUPILS = "pupils"
    HEAD_EMAIL = "head_email"
    HEAD_NAME = "head_name"
    DEPUTY_EMAIL = "deputy_email"
    DEPUTY_NAME = "deputy_name"
    DESIGNATED_EMAIL = "designated_email"
    DESIGNATED_NAME = "designated_name"
    EMAIL = "email"
    PERSON_NAME = "person_name"
    DUTY = "duty"


C = ListColumn

# Each address column with its name column.
ADDRESSES = {
    C.HEAD_EMAIL: C.HEAD_NAME,
    C.DEPUTY_EMAIL: C.DEPUTY_NAME,
    C.DESIGNATED_EMAIL: C.DESIGNATED_NAME,
    C.EMAIL: C.PERSON_NAME,
}

COLUMN_NAMES: dict[ListColumn, str] = {
    C.COUNTRY: N_("Country"),
    C.REGION: N_("Region"),
    C.CODE: N_("Code in the country’s register"),
    C.NAME: N_("Name of the school"),
    C.LOCALITY: N_("Town or village"),
    C.ADDRESS: N_("Address, for the region and the town"),
    C.LANGUAGE: N_("Language of the school"),
    C.PUPILS: N_("Number of pupils"),
    C.HEAD_EMAIL: N_("Head: email address"),
    C.HEAD_NAME: N_("Head: name"),
    C.DEPUTY_EMAIL: N_("Deputy: email address"),
    C.DEPUTY_NAME: N_("Deputy: name"),
    C.DESIGNATED_EMAIL: N_("Designated person: email address"),
    C.DESIGNATED_NAME: N_("Designated person: name"),
    C.EMAIL: N_("One person per row: email address"),
    C.PERSON_NAME: N_("One person per row: name"),
    C.DUTY: N_("One person per row: duty at the school"),
}

# What a list of schools needs; the language may be missing where the country has one only.
OF_SCHOOLS = (C.REGION, C.CODE, C.NAME, C.LOCALITY, C.LANGUAGE)
# What an address says too, for lists without these columns.
IN_ADDRESS = (C.REGION, C.LOCALITY)
# What may be said once for all schools of a list, such as that of one town, instead of in each row.
FOR_ALL = (C.REGION, C.LOCALITY, C.LANGUAGE)
# What a list of people of schools in the register needs.
OF_PEOPLE = (C.CODE, C.EMAIL)
# The columns of the empty list. Lists with these headings have been accepted since the beginning.
TEMPLATE = (C.COUNTRY, *OF_SCHOOLS, C.PUPILS, C.HEAD_EMAIL, C.HEAD_NAME)

# Headings in English, Romanian, Ukrainian, Russian and Belarusian; compared without accents,
# and in Latin letters.
SAID: dict[ListColumn, tuple[str, ...]] = {
    C.COUNTRY: ("country", "country code", "țara", "țară", "країна", "страна", "краіна"),
    C.REGION: (
        "region", "region code", "district", "county", "raion", "raionul", "raion municipiu", "regiunea",
        "regiune", "județ", "județul", "municipiul", "municipiu", "unitatea administrativă",
        "территория", "регіон", "район", "область", "регион", "рэгіён", "раён", "вобласць",
        "oblast", "територія", "код катоттг", "катоттг", "region name", "region name u",
    ),
    C.CODE: (
        "code", "school code", "register number", "registration number", "id", "school id", "cod", "codul",
        "codul școlii", "cod sime", "cod instituție", "idno", "код", "код школи", "код закладу",
        "код єдебо", "єдебо", "код закладу освіти", "код єдрпоу", "єдрпоу", "код школи в єдебо", "codul instituției", "код школы", "код учреждения", "идентификатор", "код установы",
        "унп", "реєстраційний номер", "регистрационный номер",
        "identifier", "edrpou", "institution id", "university id", "id закладу",
    ),
    C.NAME: (
        "name", "school", "school name", "name of the school", "institution", "denumire", "denumirea",
        "denumirea instituției", "denumirea școlii", "instituția", "școala", "назва", "назва закладу",
        "назва школи", "заклад освіти", "школа", "название", "наименование", "название школы",
        "наименование учреждения", "наименование учреждения образования", "наименование организации",
        "учреждение образования", "повна назва", "повна назва закладу", "повна назва закладу освіти", "university name",
        "назва закладу освіти", "найменування закладу освіти", "полное наименование", "поўная назва",
        "назва ўстановы адукацыі", "denumirea completă", "denumirea instituției de învățământ", "назва ўстановы", "назва школы",
        "установа адукацыі", "preflabel", "institution name",
    ),
    C.LOCALITY: (
        "locality", "place", "town", "city", "village", "town or village", "settlement", "localitate",
        "localitatea", "denumirea localității", "oraș", "orașul", "satul", "назва населеного пункту",
        "наименование населенного пункта", "sat", "oraș sat", "населений пункт", "місто", "село", "населенный пункт",
        "город", "населены пункт", "горад", "вёска", "addresspostname",
        "katottg name", "katottg name u", "koatuu name", "назва катоттг",
    ),
    C.ADDRESS: (
        "address", "postal address", "location", "adresa", "adresă", "adresa juridică", "adresa poștală", "sediul",
        "адреса", "адреса закладу", "поштова адреса", "юридична адреса", "фактична адреса", "місцезнаходження", "місце знаходження",
        "адрес", "почтовый адрес", "юридический адрес", "фактический адрес", "местонахождение", "место нахождения",
        "адрас", "паштовы адрас", "юрыдычны адрас", "месцазнаходжанне",
    ),
    C.LANGUAGE: (
        "language", "language of the school", "language of instruction", "limba", "limba de instruire",
        "limba școlii", "limba de predare", "мова освітнього процесу", "мова", "мова навчання", "мова викладання", "язык", "язык обучения",
        "мова навучання",
    ),
    C.PUPILS: (
        "pupils", "number of pupils", "students", "number of students", "elevi", "număr de elevi",
        "numărul de elevi", "numărul elevilor", "nr elevi", "nr de elevi", "elevi total", "total elevi", "efectiv",
        "контингент", "численность учащихся", "всього учнів", "всего учащихся", "учні", "кількість учнів", "учнів", "ученики",
        "количество учащихся", "учащихся", "количество учеников", "вучні", "колькасць вучняў",
        "колькасць навучэнцаў",
    ),
    C.HEAD_EMAIL: (
        "head email", "head e mail", "email of the head", "principal email", "director email",
        "email director", "e mail director", "emailul directorului", "адреса директора",
        "електронна пошта директора", "email директора", "e mail директора", "пошта директора",
        "электронная почта директора", "почта директора", "пошта дырэктара", "электронная пошта дырэктара",
    ),
    C.HEAD_NAME: (
        "head name", "head", "name of the head", "head teacher", "principal", "director", "directorul",
        "numele directorului", "директор", "піб директора", "керівник", "фио директора", "руководитель",
        "дырэктар", "кіраўнік", "conducător", "conducătorul", "conducătorul instituției", "boss",
        "university director fio",
    ),
    C.DEPUTY_EMAIL: (
        "deputy email", "deputy e mail", "email director adjunct", "e mail director adjunct",
        "email заступника", "електронна пошта заступника", "email заместителя",
        "электронная почта заместителя", "пошта намесніка",
    ),
    C.DEPUTY_NAME: (
        "deputy name", "deputy", "deputy head", "director adjunct", "заступник", "заступник директора",
        "заместитель", "заместитель директора", "намеснік", "намеснік дырэктара",
    ),
    C.DESIGNATED_EMAIL: (
        "designated email", "designated person email", "email persoana desemnată",
        "email уповноваженої особи", "email ответственного лица", "email упаўнаважанай асобы",
    ),
    C.DESIGNATED_NAME: (
        "designated name", "designated person", "persoana desemnată", "уповноважена особа",
        "ответственное лицо", "упаўнаважаная асоба",
    ),
    C.EMAIL: (
        "email", "e mail", "mail", "email address", "work email", "adresa de email", "poșta electronică",
        "ел пошта", "ел адреса", "адреса електронної пошти", "е пошта", "эл почта", "эл адрес", "адрас электроннай пошты",
        "електронна пошта", "електронна адреса", "электронная почта", "адрес электронной почты",
        "электронная пошта", "пошта", "contactpointhasemail", "university email",
    ),
    C.PERSON_NAME: (
        "person", "person name", "nume", "прізвище, ім'я, по батькові", "прізвище ім'я по батькові", "имя", "імя", "full name", "name of the person", "numele", "numele și prenumele",
        "nume prenume", "піб", "прізвище та ім'я", "фио", "фамилия имя отчество", "прозвішча і імя",
    ),
    C.DUTY: (
        "duty", "role", "position", "office", "funcția", "funcție", "посада", "роль", "должность", "пасада",
    ),
}  # fmt: skip
HEADINGS = {folded(text): column for column, texts in SAID.items() for text in texts}
HEADINGS |= {folded(column.value.replace("_", " ")): column for column in ListColumn}


# Separates a heading that spans several columns from the one below it: “Director: E-mail”.
BELOW = ": "
# Columns below the heading of a person, which belong to that person.
OF_PERSON = {
    C.HEAD_NAME: (C.HEAD_EMAIL, C.HEAD_NAME),
    C.DEPUTY_NAME: (C.DEPUTY_EMAIL, C.DEPUTY_NAME),
    C.DESIGNATED_NAME: (C.DESIGNATED_EMAIL, C.DESIGNATED_NAME),
}
NAMES_OF_PEOPLE = frozenset({C.NAME, C.PERSON_NAME})
# Headings below “Pupils” that mean the total.
TOTALS = frozenset(
    map(folded, ["total", "всього", "усього", "разом", "всего", "итого", "усяго", "разам"])
)
ASIDE = re.compile(r"\([^()]*\)")


def column_of(heading: str) -> ListColumn | None:
    """Return what a heading means in any of the five languages; None if it is not known."""
    if found := HEADINGS.get(folded(heading)):
        return found
    upper, is_below, lower = heading.partition(BELOW)
    return _below(upper, lower) if is_below else _said_by_all(heading)


def _below(upper: str, lower: str) -> ListColumn | None:
    """Return what a column below a shared heading holds."""
    over, own = _said_by_all(upper), _said_by_all(lower)
    if over in OF_PERSON:
        email, name = OF_PERSON[over]
        return email if own is C.EMAIL else name if own in NAMES_OF_PEOPLE else None
    return over if over is C.PUPILS and folded(lower) in TOTALS else own


def _said_by_all(heading: str) -> ListColumn | None:
    """Return what all parts of a heading such as “District/municipality (code)” mean; None if they differ."""
    found = {HEADINGS.get(folded(part)) for part in ASIDE.sub(" ", heading).split("/")}
    return found.pop() if len(found) == 1 else None


def is_known(heading: str) -> bool:
    """Check whether a heading says what its column holds."""
    return column_of(heading) is not None


def guess_columns(head: Iterable[str]) -> dict[str, ListColumn]:
    """Map the headings to what they seem to hold; the first heading for each thing wins."""
    guessed: dict[str, ListColumn] = {}
    for heading in head:
        column = column_of(heading)
        if column and column not in guessed.values():
            guessed[heading] = column
    return _with_addresses(_for_heads(_without_needless(guessed)))


def _without_needless(guessed: dict[str, ListColumn]) -> dict[str, ListColumn]:
    """Leave the address unread in a list of people, and where other columns hold all that is needed of it."""
    found = set(guessed.values())
    if C.NAME in found and not found >= set(IN_ADDRESS):
        return guessed
    return {heading: column for heading, column in guessed.items() if column is not C.ADDRESS}


def _for_heads(guessed: dict[str, ListColumn]) -> dict[str, ListColumn]:
    """Treat a single address column in a list of schools as the head's, and a single name column likewise."""
    found = set(guessed.values())
    if C.NAME not in found or C.EMAIL not in found or found & {C.DUTY, C.HEAD_EMAIL}:
        return guessed
    means = {C.EMAIL: C.HEAD_EMAIL}
    if C.HEAD_NAME not in found:
        means[C.PERSON_NAME] = C.HEAD_NAME
    return {heading: means.get(column, column) for heading, column in guessed.items()}


def _with_addresses(guessed: dict[str, ListColumn]) -> dict[str, ListColumn]:
    """Drop names of people without an address column: they cannot be invited, and names are not stored."""
    found = set(guessed.values())
    alone = {name for email, name in ADDRESSES.items() if email not in found}
    return {heading: column for heading, column in guessed.items() if column not in alone}


MISSING = N_("The list needs a column for: %(columns)s.")
TWICE = N_("Two columns cannot both be “%(column)s”.")


def mapping_problems(
    columns: Iterable[ListColumn], for_all: Container[ListColumn] = ()
) -> list[Problem]:
    """List which columns a choice lacks or has twice; what is said for all schools needs no column."""
    chosen = list(columns)
    twice = sorted({column for column in chosen if chosen.count(column) > 1})
    problems = [Problem("columns", TWICE, {"column": COLUMN_NAMES[column]}) for column in twice]
    needed = OF_SCHOOLS[:-1] if C.NAME in chosen or C.EMAIL not in chosen else OF_PEOPLE
    said = {*chosen, *(IN_ADDRESS if C.ADDRESS in chosen else ())}
    missing = [column for column in needed if column not in said and column not in for_all]
    return problems + [
        Problem("columns", MISSING, {"columns": COLUMN_NAMES[column]}) for column in missing
    ]


def is_list_of_people(columns: Iterable[ListColumn]) -> bool:
    """Check whether a list names people of schools that are in the register, and not schools."""
    return C.NAME not in set(columns)
