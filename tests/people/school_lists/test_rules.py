"""How columns are guessed, how rows are read, and how what became of them is kept."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.content.loader import load
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.core.unicode import heard_key
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.rules import fact_problems
from cissapp.people.school_lists.list_files import FORMULA
from cissapp.people.school_lists.rules import ListColumn as C
from cissapp.people.school_lists.rules import (
    PersonOnList,
    RowOutcome,
    RowReader,
    RowResult,
    UndoOutcome,
    guess_columns,
    mapping_problems,
    restored,
)
from cissapp.people.school_lists.rules.addresses import PlaceInAddress, place_in, town_in
from cissapp.people.school_lists.rules.pace import rounded_up, seconds_left
from cissapp.people.school_lists.rules.region_names import RegionFinder, region_names
from cissapp.people.schools.rules import RegisterFacts
from config import ROOT
from tests.factories import NOW

CONTENT = load(ROOT / "modules")
MOLDOVA = {"MD": CONTENT.countries["MD"]}
BOTH = {**MOLDOVA, "UA": CONTENT.countries["UA"]}
NAMES = {code: region_names(pack) for code, pack in CONTENT.countries.items()}
FACTS = RegisterFacts("MD", "MD-OR", "0001", "Liceul Eminescu", "Orhei", "ro", 412)
CELLS = {
    C.COUNTRY: "MD",
    C.REGION: "MD-OR",
    C.CODE: "0001",
    C.NAME: "Liceul Eminescu",
    C.LOCALITY: "Orhei",
    C.LANGUAGE: "ro",
    C.PUPILS: "412",
}


def read(countries=MOLDOVA, values=None, **cells):
    whole = {**CELLS, **{C(name): text for name, text in cells.items()}}
    reader = RowReader(list(whole), countries, values)
    return reader.read(list(whole.values()), FORMULA)


def codes(row):
    return [problem.code for problem in row.problems]


@pytest.mark.parametrize(
    "head",
    [
        ["Region", "Code", "NAME", "Locality", "Language", "head-email"],
        ["Raionul", "Codul școlii", "Denumirea instituției", "Localitatea", "Limba de instruire", "E-mail director"],
        ["Область", "Код ЄДЕБО", "Назва закладу", "Населений пункт", "Мова навчання", "Електронна пошта директора"],
        ["Район", "Код школы", "Наименование", "Населённый пункт", "Язык обучения", "Электронная почта"],
        ["Вобласць", "Код установы", "Назва ўстановы", "Населены пункт", "Мова навучання", "Пошта дырэктара"],
        ["region_name", "institution_id", "institution_name", "katottg_name", "мова навчання", "email"],
    ],
)  # fmt: skip
def test_a_head_in_any_of_the_languages_is_understood(head):
    assert list(guess_columns([*head, "???"]).values()) == [
        C.REGION,
        C.CODE,
        C.NAME,
        C.LOCALITY,
        C.LANGUAGE,
        C.HEAD_EMAIL,
    ]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (["Denumirea", "Director", "Telefon"], [C.NAME]),
        (["Назва", "ПІБ", "Email"], [C.NAME, C.HEAD_NAME, C.HEAD_EMAIL]),
        (["Raionul/Municipiul", "Nr. de elevi (total)"], [C.REGION, C.PUPILS]),
        (["Директор: ПІБ", "Директор: E-mail"], [C.HEAD_NAME, C.HEAD_EMAIL]),
        (["Учні: всього", "Учні: дівчата"], [C.PUPILS]),
        (["Заклад: Назва", "Заклад: Код", "Адреса / телефон"], [C.NAME, C.CODE]),
        (["Код", "Назва", "Адреса"], [C.CODE, C.NAME, C.ADDRESS]),
        (["Raionul", "Localitatea", "Denumirea", "Adresa"], [C.REGION, C.LOCALITY, C.NAME]),
        (["Повне найменування закладу загальної середньої освіти", "К-сть учнів"], [C.NAME, C.PUPILS]),
        (["ПІБ керівника закладу", "Електронна адреса закладу", "Школа"], [C.HEAD_NAME, C.HEAD_EMAIL, C.NAME]),
        (["Директор/керівник", "E-mail директора школи"], [C.HEAD_NAME, C.HEAD_EMAIL]),
        (["Полное наименование УО", "Общая численность обучающихся"], [C.NAME, C.PUPILS]),
        (["Denumirea instituţiei de învăţămînt", "IDNO instituție", "Nr. total de elevi"], [C.NAME, C.CODE, C.PUPILS]),
        (["Școala", "Numele și prenumele directorului", "E-mail-ul instituției"], [C.NAME, C.HEAD_NAME, C.HEAD_EMAIL]),
        (["Назва", "Кількість учнів станом на 01.09.2025"], [C.NAME, C.PUPILS]),
        (["Назва", "Учнів у 2025/2026 н.р."], [C.NAME, C.PUPILS]),
        (["Școala", "Numărul de elevi, anul de studii 2025-2026"], [C.NAME, C.PUPILS]),
        (["Назва", "Кількість учнів 1-4", "Учнів 10-11 кл."], [C.NAME]),
        (["Назва", "Кількість учнів (дівчата)", "Кількість учнів (інклюзія)"], [C.NAME]),
        (["Назва", "Директор (телефон)", "Email (засновника)"], [C.NAME]),
        (["Назва (повна)", "Директор (ПІБ)", "Директор (e-mail)"], [C.NAME, C.HEAD_NAME, C.HEAD_EMAIL]),
        (["Область (код)", "Населений пункт (місто, село)"], [C.REGION, C.LOCALITY]),
        (["Name", "Teacher email", "Teacher name"], [C.NAME]),
        (["Name", "Head teacher email", "Head teacher name"], [C.NAME, C.HEAD_EMAIL, C.HEAD_NAME]),
        (["Тип закладу", "Код головного закладу", "Кількість учнів у них", "Телефон школи"], []),
    ],
)  # fmt: skip
def test_a_heading_of_an_office_is_understood_and_a_name_without_an_address_is_not_read(
    head, columns
):
    assert list(guess_columns(head).values()) == columns


@pytest.mark.parametrize(
    ("head", "latest"),
    [
        (["Elevi 2022", "Elevi 2023", "Elevi 2024"], "Elevi 2024"),
        (["Учні 2024/2025", "Учні 2023/2024"], "Учні 2024/2025"),
        (["Учні (01.01.2025)", "Учні (01.09.2025)"], "Учні (01.09.2025)"),
        (["Elevi 2022", "Elevi"], "Elevi"),
        (["Кількість учнів (дівчата)", "Кількість учнів (всього)"], "Кількість учнів (всього)"),
    ],
)
def test_of_several_numbers_of_pupils_the_latest_total_is_chosen(head, latest):
    assert guess_columns(head) == {latest: C.PUPILS}


@pytest.mark.parametrize(
    ("head", "guessed"),
    [
        (["Район", "Область"], {"Район": C.DISTRICT, "Область": C.REGION}),
        (["Область", "Код КАТОТТГ", "Район"], {"Область": C.REGION, "Код КАТОТТГ": C.DISTRICT}),
        (["Район", "Код КОАТУУ"], {"Район": C.DISTRICT, "Код КОАТУУ": C.REGION}),
        (["Код КОАТУУ", "Назва області"], {"Назва області": C.REGION}),
        (["Район"], {"Район": C.REGION}),
        (
            ["Адреса: Район", "Адреса: Область"],
            {"Адреса: Район": C.DISTRICT, "Адреса: Область": C.REGION},
        ),
    ],
)
def test_the_heading_that_tells_the_region_best_is_chosen_and_another_for_its_district(
    head, guessed
):
    assert guess_columns(head) == guessed


UKRAINE = {"UA": CONTENT.countries["UA"]}


@pytest.mark.parametrize(
    ("region", "district", "found"),
    [
        ("Вінницька область", "Хмільницький р-н", "UA-05-12"),
        ("Вінницька область", "UA05120000000017020", "UA-05-12"),
        ("Вінницька область", "UA12020000000052809", "UA-05"),
        ("Вінницька область", "Калинівський район", "UA-05"),
        ("Вінницька область", "", "UA-05"),
        ("0520880000", "Вінницький", "UA-05-02"),
        ("м. Київ", "Дніпровський район", "UA-30"),
        ("КИЇВ", "", "UA-30"),
        ("8036100000", "", "UA-30"),
        ("510100000", "", "UA-05"),
        ("", "Хмільницький район", "UA-05-12"),
        ("Nowhere", "Nothing", "Nowhere"),
        ("Всього", "Вінницький район", "Всього"),
        ("Львівська область", "Миколаївський район", "UA-46"),
    ],
)
def test_a_district_counts_only_within_its_region(region, district, found):
    reader = RowReader([C.REGION, C.DISTRICT, C.NAME], UKRAINE)

    assert reader.read([region, district, "x"], FORMULA).facts.region_code == found


def test_districts_without_a_code_or_with_one_name_stand_for_none():
    pack = CONTENT.countries["UA"]
    names = pack.regions["UA-05-02"].names
    regions = [
        one.model_copy(
            update={"names": names if one.code == "UA-05-04" else one.names, "register_code": None}
        )
        for one in pack.file.regions
    ]
    file = pack.file.model_copy(update={"regions": regions})
    finder = RegionFinder(replace(pack, file=file), {})

    assert finder.find("Вінницька область") == "UA-05"
    assert finder.find("Вінницька область", "Вінницький район") == "UA-05"
    assert finder.find("Вінницька область", "Хмільницький район") == "UA-05-12"


def test_a_district_of_another_region_than_that_of_all_schools_is_asked_for():
    reader = RowReader([C.REGION, C.NAME], UKRAINE, {C.REGION: {"": "UA-30"}})
    rows = [reader.read([text, "x"], FORMULA) for text in ("Дніпровський", "Львівська обл.")]

    assert [row.facts.region_code for row in rows] == ["Дніпровський", "UA-46"]
    assert reader.unknown[C.REGION] == {"Дніпровський": 1}


@pytest.mark.parametrize(
    "elsewhere", ["Львівський район", "UA46060000000042587", "Дніпровський район"]
)
def test_a_district_known_elsewhere_than_all_schools_is_asked_for_and_means_what_is_said(elsewhere):
    def read_all(said):
        reader = RowReader([C.NAME, C.DISTRICT], UKRAINE, {C.REGION: {"": "UA-05", **said}})
        districts = ["Хмільницький район", "Калинівський район", elsewhere]
        rows = [reader.read(["x", district], FORMULA) for district in districts]
        return [row.facts.region_code for row in rows], reader.unknown[C.REGION]

    assert read_all({}) == (["UA-05-12", "UA-05", elsewhere], {elsewhere: 1})
    assert read_all({elsewhere: "UA-46"}) == (["UA-05-12", "UA-05", "UA-46"], {})


def test_what_a_district_means_among_all_schools_means_nothing_beside_another_region():
    said = {C.REGION: {"": "UA-30", "Дніпровський район": "UA-30"}}
    reader = RowReader([C.NAME, C.REGION, C.DISTRICT], UKRAINE, said)
    row = reader.read(["x", "Львівська область", "Дніпровський район"], FORMULA)

    assert row.facts.region_code == "UA-46"


def test_the_district_of_all_schools_is_not_elsewhere_and_another_of_its_region_is():
    reader = RowReader([C.NAME, C.DISTRICT], UKRAINE, {C.REGION: {"": "UA-05-12"}})
    districts = ["Хмільницький район", "", "Вінницький район"]
    rows = [reader.read(["x", district], FORMULA) for district in districts]

    assert [row.facts.region_code for row in rows] == ["UA-05-12", "UA-05-12", "Вінницький район"]


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("м. Вінниця", "Вінниця"),
        ("с.Нова Гребля", "Нова Гребля"),
        ("Вінницька область, Вінницький район, с. Якушинці", "Якушинці"),
        ("г.п. Кореличи", "Кореличи"),
        ("аг. Медно", "Медно"),
        ("Satul Nou", "Satul Nou"),
        ("Orhei", "Orhei"),
        ("М. Коцюбинське", "М. Коцюбинське"),
        ("село", "село"),
        ("с. Нове Село", "Нове Село"),
        ("г. Новый Город", "Новый Город"),
        ("м. Нове Місто", "Нове Місто"),
        ("с. Нова Площа", "Нова Площа"),
        ("com. Satul Nou", "Satul Nou"),
        ("г. Минск (Заводской район)", "Минск"),
        ("с. Гоголів (Броварський р-н)", "Гоголів"),
        ("Вінницький р-н с. Якушинці.", "Якушинці"),
        ("r-nul Anenii Noi s. Țînțăreni", "Țînțăreni"),
        ("mun. Chișinău, or. Codru", "Codru"),
        ("or. Codru, mun. Chișinău", "Codru"),
        ("п.г.т. Коктебель", "Коктебель"),
        ("City of Kyiv", "Kyiv"),
        ("Новий Лиман м.", "Новий Лиман"),
    ],
)
def test_a_town_stands_in_the_register_without_its_kind(text, town):
    assert read(locality=text).facts.locality == town


@pytest.mark.parametrize(
    "text",
    [
        "с. Якушинці Вінницький район",
        "м. Бар вулиця Соборна",
        "м. Бар, вул. Соборна, 5",
        "м. Бар вул. Соборна",
        "м. Бар, м. Хмільник",
        "с. Старе (колишнє Нове)",
        "с. Лісове 2",
        "с. Якушинецька сільська рада",
        "Лісове, Вінницький р-н",
        "sat Nou",
    ],
)
def test_a_town_that_is_not_told_beyond_doubt_stands_as_it_is_written(text):
    assert read(locality=text).facts.locality == text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Директор Іваненко Ганна Петрівна", "Іваненко Ганна Петрівна"),
        ("в.о. директора Іваненко Ганна", "Іваненко Ганна"),
        ("Director Ana Rusu", "Ana Rusu"),
        ("Директор Іваненко", "Директор Іваненко"),
        ("Ana Rusu", "Ana Rusu"),
        ("Т. Г. Шевченко", "Т. Г. Шевченко"),
        ("В. о. директора Т. Г. Шевченко", "Т. Г. Шевченко"),
        ("Vo Thi Lan", "Vo Thi Lan"),
        ("Виконувач обов'язків директора Коваль", "Виконувач обов'язків директора Коваль"),
    ],
)
def test_the_office_before_a_name_is_none_of_it(name, said):
    assert read(head_email="a@school.example", head_name=name).people[0].name == said


@pytest.mark.parametrize("text", ["укр.", "Українська мова", "украинский язык", "limba ucraineană"])
def test_a_language_may_be_shortened_or_called_a_language(text):
    assert read(language=text).facts.language == "uk"


@pytest.mark.parametrize(
    ("columns", "problems"),
    [
        ([C.REGION, C.CODE, C.NAME, C.LOCALITY], []),
        ([C.CODE, C.EMAIL], []),
        ([C.CODE, C.NAME, C.ADDRESS], []),
        ([C.REGION, C.NAME, C.LOCALITY], []),
        ([C.REGION, C.LOCALITY, C.CODE, C.EMAIL], []),
        ([C.CODE, C.EMAIL, C.PUPILS], ["columns"]),
        ([C.CODE, C.EMAIL, C.LANGUAGE], ["columns"]),
        ([C.EMAIL], ["columns"]),
        ([C.NAME, C.NAME], ["columns"] * 3),
        ([], ["columns"] * 3),
    ],
)
def test_a_list_has_the_columns_it_needs_and_none_twice(columns, problems):
    assert [problem.code for problem in mapping_problems(columns)] == problems


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"country": ""},
        {"country": "md"},
        {"country": "Молдова"},
        {"country": "", "region": "md-or"},
        {"region": "Orhei"},
        {"country": "", "region": "raionul ORHEI"},
        {"region": "Оргеев"},
        {"language": " RO "},
        {"language": "limba română"},
        {"name": "  Liceul\n Eminescu\x00 "},
        {"pupils": "4 12"},
        {"pupils": "412,0"},
    ],
)
def test_a_row_may_be_written_in_several_ways(cells):
    row = read(**cells)

    assert (row.facts, row.people, row.problems) == (FACTS, [], [])


def test_what_is_so_for_all_schools_needs_no_column_and_a_row_may_say_otherwise():
    columns = [C.CODE, C.NAME, C.LOCALITY]
    for_all = {C.REGION: {"": "MD-OR"}, C.LOCALITY: {"": "Orhei"}, C.LANGUAGE: {"": "ro"}}
    reader = RowReader(columns, BOTH, for_all)

    assert mapping_problems(columns, {C.REGION}) == []
    rows = [["1", "Liceul Unu", ""], ["2", "Liceul Doi", "Peresecina"]]
    assert [reader.read(row, FORMULA).facts for row in rows] == [
        RegisterFacts("MD", "MD-OR", "1", "Liceul Unu", "Orhei", "ro", None),
        RegisterFacts("MD", "MD-OR", "2", "Liceul Doi", "Peresecina", "ro", None),
    ]


def test_people_stand_in_their_columns_or_one_a_row():
    row = read(
        head_email=" Ana@School.example ",
        head_name="Ana  Rusu",
        email="ion@school.example",
        duty="Persoana desemnată",
    )

    assert row.people == [
        PersonOnList(Duty.HEAD, "Ana@School.example", "Ana Rusu"),
        PersonOnList(Duty.DESIGNATED_PERSON, "ion@school.example", ""),
    ]


def test_a_list_of_people_needs_no_facts_of_the_school():
    reader = RowReader([C.CODE, C.EMAIL, C.DUTY], MOLDOVA)
    row = reader.read(["0001", "ana@school.example", "заступник"], FORMULA)

    assert (row.country_code, row.code, row.facts, codes(row)) == ("MD", "0001", None, [])
    assert row.people == [PersonOnList(Duty.DEPUTY, "ana@school.example", "")]
    assert codes(reader.read(["", "", "директор"], FORMULA)) == ["code", "email"]


def test_the_region_says_the_country_where_there_are_several():
    facts = read(BOTH, country="", region="UA-30", language="uk").facts

    assert (facts.country_code, facts.region_code) == ("UA", "UA-30")
    assert codes(read(BOTH, country="", region="Orhei")) == ["country_code"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"region": "Nowhere"}, ["region_code"]),
        ({"country": "Atlantis"}, ["country_code"]),
        ({"pupils": "about 400"}, ["pupils"]),
        ({"pupils": "4.5"}, ["pupils"]),
        ({"pupils": "٤١٢"}, ["pupils"]),
        ({"pupils": "9" * 5000}, ["pupils"]),
        ({"head_email": "ana"}, ["email"]),
        ({"head_email": f"{'a' * 250}@b.example"}, ["email"]),
        ({"head_email": "a@school.example\nBcc: b@school.example"}, ["email"]),
        ({"person_name": "Ana"}, ["email"]),
        ({"head_email": "a@school.example", "head_name": "x" * 121}, ["name"]),
        ({"email": "a@school.example", "duty": "cook"}, ["duty"]),
        ({"code": "", "language": "fr"}, ["language"]),
        ({"code": FORMULA}, ["code"]),
        ({"code": "1,90012E+08"}, ["code"]),
        ({"code": "1.2E+11"}, ["code"]),
        ({"code": "12E-3"}, []),
    ],
)
def test_everything_wrong_with_a_row_is_named(cells, expected):
    assert codes(read(**cells)) == expected


def test_a_school_whose_head_has_no_address_is_as_good_as_any():
    row = read(head_name="Ana Munteanu")

    assert (row.problems, row.people, row.facts) == ([], [], FACTS)
    assert [note.values for note in row.notes] == [{"name": "Ana Munteanu"}]


@pytest.mark.parametrize("nothing", ["-", " — ", "Немає", "nu are", "N/A", "н/д"])
def test_a_sign_for_nothing_is_nothing_where_a_cell_may_be_empty(nothing):
    row = read(head_email=nothing, head_name=nothing, pupils=nothing)

    assert (row.problems, row.notes, row.people) == ([], [], [])
    assert row.facts.pupils is None
    assert read(name=nothing).facts.name == nothing.strip()


@pytest.mark.parametrize("between", [";", ", ", " ", "\n", " / "])
def test_of_several_addresses_the_first_is_invited_and_the_row_says_so(between):
    row = read(head_email=f"a@school.example{between}b@school.example")

    assert (row.problems, row.facts) == ([], FACTS)
    assert row.people == [PersonOnList(Duty.HEAD, "a@school.example", "")]
    assert [note.values for note in row.notes] == [{"email": "a@school.example"}]


@pytest.mark.parametrize(
    "said",
    [
        "a@b.example;", "a@b.example.", "a @b.example", "<a@b.example>", "mailto:a@b.example", "(a@ b.example)",
        "MAILTO:a@b.example", "<Mailto:<a@b.example>>", "“a@b.example”", "„a@b.example”", "’a@b.example‘",
        "a@b.example\u200b", "“\ufeffa@b.example\u200b”",
    ],
)  # fmt: skip
def test_an_address_is_read_without_what_stands_around_it(said):
    row = read(head_email=said)

    assert (row.problems, row.notes) == ([], [])
    assert row.people == [PersonOnList(Duty.HEAD, "a@b.example", "")]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("оrhei@b.example", "has Latin and Cyrillic letters"),
        ("a@sсhool.example", "has Latin and Cyrillic letters"),
        ("a@b.example або c@d.example", "is not an email address"),
        (";", "is not an email address"),
    ],
)
def test_an_address_that_reaches_nobody_is_refused(said, sentence):
    row = read(head_email=said)

    assert row.people == []
    assert [sentence in problem.message for problem in row.problems] == [True]


def test_an_address_in_cyrillic_letters_alone_is_one():
    assert read(head_email="info@школа.example").people[0].email == "info@школа.example"


@pytest.mark.parametrize(
    ("country_code", "text", "region_code"),
    [
        ("MD", "r-nul Orhei", "MD-OR"),
        ("MD", "UTA Găgăuzia", "MD-GA"),
        ("MD", "mun. Chişinău", "MD-CU"),
        ("MD", "Sângerei", "MD-SI"),
        ("MD", "r-nul Râşcani", "MD-RI"),
        *(("MD", text, "MD-RI") for text in ("Rîșcani", "Rişcani", "raionul RASCANI")),
        *(("MD", text, "MD-SI") for text in ("Sîngerei", "Singerei", "Sangerei", "Sa\u0302ngerei")),
        *(("MD", text, "MD-HI") for text in ("Hâncești", "Hincesti", "HANCESTI", "HÎNCEŞTI")),
        *(
            ("MD", text, "MD-SN")
            for text in ("Stânga Nistrului", "Stînga Nistrului", "Stanga Nistrului")
        ),
        ("MD", "АТО Гагаузия", "MD-GA"),
        ("UA", "м.Київ", "UA-30"),
        ("UA", "Київська обл.", "UA-32"),
        ("UA", "UA05020030010063857", "UA-05-02"),
        ("UA", "ua05000000000010236", "UA-05"),
        ("UA", "UA80000000000093317", "UA-30"),
        ("UA", "UA80000000000126643", "UA-30"),
        ("UA", "UA85000000000155841", "UA-40"),
        ("UA", "UA05990000000000000", "UA05990000000000000"),
        ("UA", "Кам'янець-Подільський р-н", "UA-68-02"),
        ("UA", "Камʼянець-Подільський район", "UA-68-02"),
        ("UA", "Кам`янець-Подільський", "UA-68-02"),
        ("BY", "г. Минск", "BY-HM"),
        ("BY", "Мінская вобл.", "BY-MI"),
        ("BY", "МИНСК", "BY-HM"),
    ],
)
def test_a_region_is_named_as_registers_name_it(country_code, text, region_code):
    reader = RowReader([C.REGION, C.NAME], {country_code: CONTENT.countries[country_code]})

    assert reader.read([text, "x"], FORMULA).facts.region_code == region_code


@pytest.mark.parametrize(
    ("country_code", "address", "region", "locality"),
    [
        ("UA", "Київська обл., Миронівський р-н, с.Центральне, вул. Центральна, 25", "UA-32", "Центральне"),
        ("UA", "вул.Миколаївська, 72\nм.Богуслав\nКиївська обл.", "UA-32", "Богуслав"),
        ("UA", "11124 Житомирська обл. Овруцький р-н. с. Бігунь вул. Механізаторів, 4", "UA-18", "Бігунь"),
        ("UA", "с.Шмирки Волочиського р-ну Хмельницької обл.", "UA-68", "Шмирки"),
        ("UA", "Запорізька область Василівський район м.Дніпрорудне, вул. Нова, буд. 7", "UA-23-04", "Дніпрорудне"),
        ("UA", "Україна, АР Крим, м. Ялта, смт Гурзуф, вул. Ленінградська 41", "UA-43", "Гурзуф"),
        ("UA", "г. Симферополь\nАвтономная Республика Крым", "UA-43", "Симферополь"),
        ("UA", "м. Київ, вул. Хрещатик 1", "UA-30", "Київ"),
        ("UA", "вул. Перемоги 25, с. Успенівка, Гуляйпільський р-н", "Гуляйпільський р-н", "Успенівка"),
        ("UA", "Вознесенськ, Шевченка 2", "", ""),
        ("UA", "Київська, 5", "", ""),
        ("UA", "просп. Миру, д. 291", "", ""),
        ("MD", "MD-3901, or. Cahul, str. Republicii 20", "MD-CA", "Cahul"),
        ("MD", "r-nul Anenii Noi s. Țînțăreni str. Ștefan cel Mare 3", "MD-AN", "Țînțăreni"),
        ("MD", "mun. Chișinău, s. Trușeni", "MD-CU", "Trușeni"),
        ("MD", "com. Mereni, r-nul Anenii Noi", "MD-AN", "Mereni"),
        ("MD", "str. Orhei 5", "", ""),
        ("BY", "225000, Брестская обл., Барановичский р-н, аг. Жемчужный", "BY-BR-01", "Жемчужный"),
        ("BY", "Гродненской обл. г.п. Кореличи ул. Ленина", "BY-HR", "Кореличи"),
        ("BY", "г. Минск, ул. Ленина, 5", "BY-HM", "Минск"),
        ("BY", "Минская обл., г. Минск", "", "Минск"),
        ("MD", "or. Orhei, V. Lupu 36", "MD-OR", "Orhei"),
        ("MD", "D. Cantemir 5, or. Cahul", "MD-CA", "Cahul"),
        ("MD", "s. Florești r-nul Anenii Noi", "MD-AN", "Florești"),
        ("MD", "or. Cahul, raionul Taraclia", "MD-TA", "Cahul"),
        ("UA", "М. Грушевського вул., 10, м. Київ", "UA-30", "Київ"),
        ("UA", "Рівненська обл., м. Рівне, С. Бандери, 5", "UA-56", "Рівне"),
        ("UA", "РІВНЕНСЬКА ОБЛ., М. РІВНЕ, ВУЛ. НОВА", "UA-56", "Рівне"),
        ("UA", "ХМЕЛЬНИЦЬКА ОБЛ., М. КАМ’ЯНЕЦЬ-ПОДІЛЬСЬКИЙ", "UA-68", "Кам’янець-Подільський"),
        ("UA", "КІРОВОГРАДСЬКА ОБЛ., М. МАЛА ВИСКА", "UA-35", "Мала Виска"),
        ("UA", "Львівська обл., м. Миколаїв, вул. Нова, 5", "UA-46", "Миколаїв"),
        ("UA", "м. Кривий Ріг, Покровський р-н, вул. Нова, 5", "", "Кривий Ріг"),
        ("UA", "Дніпропетровська обл., м. Кривий Ріг, Покровський р-н", "UA-12", "Кривий Ріг"),
        ("UA", "с. Піщане, Покровський р-н", "UA-14-16", "Піщане"),
        ("UA", "м. Миколаїв, вул. Нова, 5", "UA-48", "Миколаїв"),
        ("BY", "с/с Колодищанский, аг. Колодищи", "", "Колодищи"),
        ("BY", "г. Минск, Партизанский р-н, П. Бровки ул., 5", "BY-HM", "Минск"),
        ("UA", "Донецкая обл., Новый Лиман г., Мира пер., 7а", "UA-14", "Новый Лиман"),
        ("BY", "Минская обл., ул. Мира д., 5", "BY-MI", ""),
        ("UA", "Вінницька обл., с. Якушинці Вінницький район, вул. Нова, 5", "UA-05-02", "Якушинці"),
        ("UA", "Вінницька обл., с. Нове Село, вул. Нова, 5", "UA-05", "Нове Село"),
        ("UA", "АР Крим, п.г.т. Коктебель, ул. Ленина, 5", "UA-43", "Коктебель"),
        ("MD", "mun. Chișinău, or. Codru, str. Nouă 5", "MD-CU", "Codru"),
        ("UA", "ВІННИЦЬКА ОБЛ., С. НОВЕ СЕЛО, ВУЛ. НОВА", "UA-05", "Нове Село"),
        ("UA", "ВІННИЦЬКА ОБЛ., С. НОВЕ СЕЛО ВУЛ. НОВА", "UA-05", ""),
        ("MD", "r-nul Cahul, com. Satul Nou", "MD-CA", "Satul Nou"),
    ],
)  # fmt: skip
def test_an_address_says_region_and_town_where_it_names_their_kind(
    country_code, address, region, locality
):
    country = CONTENT.countries[country_code]

    assert place_in(address, country, NAMES[country_code]) == PlaceInAddress(region, locality)


@given(st.text(alphabet="АБсм. ,;()рн-о2", max_size=40))
def test_a_town_is_never_more_than_its_cell_says(text):
    town = town_in(text)

    assert town == text or (town and set(town.split()) <= set(re.split(r"[\s.,;()]+", text)))


def of_address(address, *, values=None, **cells):
    columns = [C.CODE, C.NAME, C.LANGUAGE, C.ADDRESS, *map(C, cells)]
    reader = RowReader(columns, MOLDOVA, values)
    return reader.read(["1", "Liceul", "ro", address, *cells.values()], FORMULA), reader


def test_a_row_has_its_place_from_the_address_and_columns_of_their_own_count_more():
    row, _ = of_address("r-nul Cahul\ns. Burlacu", locality="Burlaceni")

    assert (row.facts.region_code, row.facts.locality, row.problems) == ("MD-CA", "Burlaceni", [])


@pytest.mark.parametrize(
    ("district", "address", "region"),
    [
        ("Хмільницький район", "м. Хмільник, вул. Нова, 5", "UA-05-12"),
        ("Хмільницький район", "с. Широка Гребля, Гуляйпільський р-н", "UA-05-12"),
        ("Дніпровський район", "м. Київ, вул. Нова, 5", "UA-30"),
    ],
)
def test_a_district_tells_the_region_that_the_address_does_not(district, address, region):
    reader = RowReader([C.CODE, C.NAME, C.REGION, C.DISTRICT, C.ADDRESS], UKRAINE)
    row = reader.read(["1", "Ліцей", "", district, address], FORMULA)
    nowhere = reader.read(["1", "Ліцей", "", "Nowhere", "м. Хмільник"], FORMULA)

    assert (row.facts.region_code, "region" in codes(row)) == (region, False)
    assert "region" in codes(nowhere)


def test_an_address_without_a_place_is_refused_unless_it_is_the_same_for_all():
    row, _ = of_address("str. Orhei 5")
    all_of_one, _ = of_address("str. Orhei 5", values={C.REGION: {"": "MD-OR"}})

    assert codes(row) == ["region", "locality"]
    assert codes(all_of_one) == ["locality"]


def test_an_address_elsewhere_than_all_schools_is_refused():
    within, _ = of_address("r-nul Orhei, s. Peresecina", values={C.REGION: {"": "MD-OR"}})
    elsewhere, _ = of_address("r-nul Cahul, s. Burlacu", values={C.REGION: {"": "MD-OR"}})

    assert (within.facts.region_code, within.problems) == ("MD-OR", [])
    assert codes(elsewhere) == ["region"]


def test_what_is_said_for_all_tells_the_country_of_an_address():
    reader = RowReader(
        [C.CODE, C.NAME, C.ADDRESS], BOTH, {C.REGION: {"": "MD-OR"}, C.LANGUAGE: {"": "ro"}}
    )

    row = reader.read(["1", "Liceul", "s. Peresecina"], FORMULA)

    assert (row.problems, row.facts.locality) == ([], "Peresecina")


def test_in_a_list_of_people_an_address_is_none_of_a_school():
    head = ["School code", "Email address", "Address"]
    reader = RowReader([C.CODE, C.EMAIL, C.ADDRESS], MOLDOVA)

    assert list(guess_columns(head).values()) == [C.CODE, C.EMAIL]
    assert reader.read(["0001", "a@school.example", "str. Orhei 5"], FORMULA).problems == []


def test_an_area_of_an_address_that_nobody_knows_is_asked_for():
    row, reader = of_address("r-nul Orgeev-Nord, s. Peresecina")

    assert codes(row) == ["region_code"]
    assert reader.unknown[C.REGION] == {"r-nul Orgeev-Nord": 1}


@given(st.text(alphabet="абвгсм. ,;обл.р-нул\n1rnmuns", max_size=60))
@example(".аr")  # a word begins after a full stop, so the text named has a space there
def test_any_address_is_read(address):
    for country in CONTENT.countries.values():
        region = place_in(address, country, NAMES[country.code]).region
        assert region in country.regions or "".join(region.split()) in "".join(address.split())


def test_a_letter_that_cannot_be_read_is_refused_with_its_row():
    (problem,) = read(name="Liceul \ufffd").problems

    assert (problem.code, problem.values) == ("name", {"text": "Liceul \ufffd"})


def test_a_row_with_more_columns_than_the_heading_is_at_fault():
    reader = RowReader([C.CODE, C.EMAIL], MOLDOVA)

    assert codes(reader.read(["1", "a@school.example", "more"], FORMULA)) == ["row"]
    assert codes(reader.read(["1", "a@school.example", " "], FORMULA)) == []


def test_what_nobody_knows_is_counted_once_and_means_what_is_said():
    reader = RowReader([C.REGION, C.CODE, C.NAME, C.LOCALITY], MOLDOVA)
    for code in "12":
        reader.read(["Orgeev-Nord", code, "Liceul", "Orhei"], FORMULA)

    assert reader.unknown[C.REGION] == {"Orgeev-Nord": 2}
    assert read(values={C.REGION: {"Nord": "MD-OR"}}, region="Nord").facts == FACTS


@given(st.dictionaries(st.sampled_from([one.value for one in C]), st.text(max_size=30)))
def test_any_row_is_read_or_refused(cells):
    row = read(**cells)

    for problem in row.problems:
        assert problem.message % problem.values
    if not row.problems:
        assert fact_problems(row.facts, MOLDOVA) == []


@given(st.sampled_from(RowOutcome), st.sampled_from([None, *UndoOutcome]), st.booleans())
def test_what_became_of_a_row_is_kept_as_it_is(outcome, undo, whole):
    problem = Problem("row", "%(num)d", {"num": 3})
    result = RowResult(outcome, (problem,) if whole else (), undo=undo)
    if whole:
        result.school_id, result.before, result.version = uuid4(), FACTS, 2
        result.invitation_ids, result.undo_problem = [uuid4()], problem

    assert restored(result.stored()) == result


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Лицей им. Эминеску", "Кишинэу"), ("Liceul Teoretic „Eminescu”", "Chișinău"), True),
        (("Школа № 12", "Харків"), ("School No. 12", "Kharkiv"), True),
        (("Гімназія «Мрія»", "Київ"), ("Gimnaziya Mriya", "Kyiv"), True),
        (("Гімназія «Мрія»", "Київ"), ("Гимназия Мрия", "Киев"), True),
        (("IP Liceul Teoretic „Gogol”", "Bălți"), ("Liceul Teoretic „Gogol”", "Bălți"), True),
        (("I.P. Liceul Gogol", "Bălți"), ("Instituţia Publică Liceul Gogol", "Bălți"), True),
        (("ГУО «Средняя школа № 5»", "Минск"), ("Дзяржаўная ўстанова адукацыі «Сярэдняя школа № 5»", "Мінск"), True),
        (("Комунальний заклад «Ліцей № 5»", "Київ"), ("КЗ «Ліцей №5»", "Київ"), True),
        (("IPLT „Gogol”", "Bălți"), ("Liceul Teoretic „Gogol”", "Bălți"), True),
        (("IP LT „Gogol”", "Bălți"), ("Liceul Teoretic „Gogol”", "Bălți"), True),
        (("I.P.L.T. „Gogol”", "Bălți"), ("LT Gogol", "Bălți"), True),
        (("IPLT nr. 3", "Chișinău"), ("Лицей № 3", "Кишинэу"), True),
        (("IPG „Gogol”", "Bălți"), ("I.P. Gimnaziul „Gogol”", "Bălți"), True),
        (("IPLT „Gogol”", "Bălți"), ("IP Gimnaziul „Gogol”", "Bălți"), False),
        (("IPLT", "Bălți"), ("IPG", "Bălți"), False),
        (("УО «Лицей № 5»", "Минск"), ("УА «Ліцэй № 5»", "Мінск"), True),
        (("О Школа", "Минск"), ("Школа", "Минск"), False),
        (("А. Лицей", "Минск"), ("Лицей", "Минск"), False),
        (("Да Винчи", "Минск"), ("Винчи", "Минск"), False),
        (("КЗ", "Київ"), ("КУ", "Київ"), False),
        (("Liceul „I.P. Ivanov”", "Bălți"), ("Liceul „Ivanov”", "Bălți"), False),
        (("Liceul nr. 3", "Bălți"), ("Gimnaziul nr. 3", "Bălți"), False),
        (("Liceul nr. 3", "Bălți"), ("Liceul nr. 4", "Bălți"), False),
        (("Liceul nr. 3", "Bălți"), ("Liceul nr. 3", "Orhei"), False),
    ],
)  # fmt: skip
def test_one_school_in_two_scripts_sounds_alike(one, other, same):
    assert (heard_key(*one) == heard_key(*other)) is same


@pytest.mark.parametrize(
    ("done", "took", "left"),
    [
        ((0, 0), 0, None),
        ((0, 999), 60, None),
        ((0, 5000), 29, None),
        ((0, 5000), 30, 30),
        ((4000, 5000), 600, 3000),  # only what was done since the pause tells the speed
        ((0, 10_000), 60, 0),
    ],
)
def test_the_time_left_follows_the_speed_since_the_work_began_or_went_on(done, took, left):
    before, now = done

    assert seconds_left(10_000, now, before, NOW, NOW + timedelta(seconds=took)) == left
    assert seconds_left(10_000, now, before, None, NOW) is None
    assert seconds_left(0, now, before, NOW, NOW + timedelta(seconds=took)) is None


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(59.9, None), (60, 1), (60.1, 2), (600, 10), (601, 15), (5400, 90), (5401, 120), (9000, 180)],
)
def test_a_time_is_rounded_up_and_more_so_the_longer_it_is(seconds, minutes):
    assert rounded_up(seconds) == (minutes and timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("cells", "skipped"),
    [
        ({"region": "Всього", "code": "", "name": "", "locality": "", "pupils": "1 234"}, True),
        ({"name": "Итого по району:", "code": "-", "locality": "", "region": ""}, True),
        ({"name": "În total", "code": "", "locality": "", "region": "", "pupils": FORMULA}, True),
        ({"code": "Разом", "name": "", "locality": "", "region": "12"}, True),
        ({"name": "Total", "code": "", "locality": "3", "region": "2"}, True),
        ({"name": "Total School"}, False),
        ({"name": "Разом", "code": "0412", "locality": "", "region": ""}, False),
        ({"name": "Разом нас багато", "code": "", "locality": "12", "region": "2"}, False),
        ({"name": "Всього", "code": "", "locality": "Київ", "region": ""}, False),
        ({"name": "Ліцей", "code": "", "locality": "", "region": ""}, False),
        ({"name": "", "code": "", "locality": "", "region": ""}, False),
    ],
)
def test_a_row_that_adds_up_others_is_skipped_and_a_school_called_so_is_not(cells, skipped):
    row = read(**{"country": "", "language": "", **cells})

    assert (row.is_skipped, row.is_skipped and codes(row) == []) == (skipped, skipped)


@pytest.mark.parametrize("columns", [[None, C.NAME, C.LOCALITY], [None, C.CODE, C.EMAIL]])
def test_a_row_with_nothing_in_the_columns_that_are_read_is_skipped(columns):
    """As the names of districts between the schools, and who signed the list."""
    reader = RowReader(columns, MOLDOVA)

    read_rows = [reader.read(cells, FORMULA) for cells in (["r-nul Orhei"], ["Semnat", " "])]
    assert [row.is_skipped for row in read_rows] == [True, True]
    for cells in (["1", "", "Orhei"], ["1", FORMULA]):
        assert not reader.read(cells, FORMULA).is_skipped


def test_a_row_that_stands_beside_its_columns_is_refused_and_not_skipped():
    reader = RowReader([C.REGION, C.CODE, C.NAME, C.LOCALITY, C.LANGUAGE], MOLDOVA)
    shifted = reader.read([""] * 5 + ["0001", "Liceul X", "Orhei", "ro"], FORMULA)

    assert (shifted.is_skipped, codes(shifted)) == (False, ["row"])
    assert reader.read([""] * 7, FORMULA).is_skipped


@pytest.mark.parametrize(
    ("region", "district", "code"),
    [
        ("Минская область", "Минский район", "BY-MI-12"),
        ("", "Мінскі раён", "BY-MI-12"),
        ("Минский район", "", "BY-MI-12"),
        ("Минская область", "", "BY-MI"),
        ("г. Минск", "Октябрьский район", "BY-HM"),
        ("Гомельская обл.", "Октябрьский р-н", "BY-HO-01"),
        ("Могилёвская область", "Могилевский", "BY-MA-15"),
    ],
)
def test_districts_of_belarus_are_found_within_their_regions(region, district, code):
    assert RegionFinder(CONTENT.countries["BY"], {}).find(region, district) == code
