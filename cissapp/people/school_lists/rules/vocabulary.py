"""Headings of list columns in English, Romanian, Ukrainian, Russian and Belarusian.

Compared without accents, in Latin letters, and without the words that only say that a heading is about the school.
"""

from cissapp.people.school_lists.rules.columns import ListColumn as C

SAID: dict[C, tuple[str, ...]] = {
    C.COUNTRY: ("country", "country code", "țara", "країна", "страна"),
    C.REGION: (
        "region", "region code", "region name", "county", "province", "oblast", "regiunea", "regiune", "județ",
        "județul", "municipiul", "municipiu", "mun", "uat", "unitatea administrativă",
        "unitatea administrativ teritorială", "raion municipiu", "територія", "территория", "область", "вобласць",
        "регіон", "регион", "рэгіён", "назва області", "назва регіону", "наименование области", "назва вобласці",
    ),
    C.CODE: (
        "code", "register number", "registration number", "identifier", "id", "university id", "urn", "emis",
        "emis code", "emis number", "cod", "codul", "cod sime", "codul sime", "cod fiscal", "codul fiscal", "idno",
        "код", "код єдебо", "id єдебо", "ідентифікатор єдебо", "єдебо", "код єдрпоу", "єдрпоу", "edrpou",
        "ідентифікаційний код", "реєстраційний номер", "регистрационный номер", "идентификатор", "унп",
        "учётный номер плательщика",
    ),
    C.NAME: (
        "name", "school", "institution", "university name", "establishment name", "establishmentname", "denumire",
        "denumirea", "denumirea completă", "instituția", "școala", "назва", "повна назва", "найменування",
        "повне найменування", "заклад", "школа", "название", "наименование", "полное наименование", "учреждение",
        "поўная назва", "установа адукацыі", "preflabel",
    ),
    C.LOCALITY: (
        "locality", "place", "town", "city", "village", "town or village", "settlement", "localitate", "localitatea",
        "denumirea localității", "oraș", "orașul", "sat", "satul", "oraș sat", "населений пункт",
        "назва населеного пункту", "місто", "село", "місто село", "населенный пункт",
        "наименование населенного пункта", "город", "город деревня", "населены пункт", "горад", "вёска",
        "addresspostname", "katottg name", "katottg name u", "koatuu name", "назва катоттг",
    ),
    C.ADDRESS: (
        "address", "postal address", "street address", "location", "adresa", "adresa juridică", "adresa poștală",
        "sediul", "адреса", "поштова адреса", "юридична адреса", "юр адреса", "фактична адреса", "місцезнаходження",
        "місце знаходження", "місце розташування", "адреса розташування", "адреса місця розташування", "адрес",
        "почтовый адрес", "юридический адрес", "юр адрес", "фактический адрес", "местонахождение",
        "место нахождения", "адрас", "паштовы адрас", "юрыдычны адрас", "месцазнаходжанне",
    ),
    C.LANGUAGE: (
        "language", "language of instruction", "medium of instruction", "limba", "limba de instruire",
        "limba de predare", "limba de studiu", "мова", "мова навчання", "мова викладання", "мова освітнього процесу",
        "язык", "язык обучения", "мова навучання",
    ),
    C.PUPILS: ("enrolment", "enrollment", "total enrolment", "number on roll", "numberofpupils", "efectiv", "контингент"),
    C.HEAD_EMAIL: ("emailul directorului", "адреса директора"),
    C.HEAD_NAME: (
        "head", "head teacher", "headteacher", "principal", "director", "directorul", "conducător", "conducătorul",
        "директор", "керівник", "руководитель", "дырэктар", "кіраўнік", "boss", "university director fio",
    ),
    C.DEPUTY_EMAIL: (
        "deputy email", "deputy e mail", "email director adjunct", "e mail director adjunct", "email заступника",
        "електронна пошта заступника", "email заместителя", "электронная почта заместителя", "пошта намесніка",
    ),
    C.DEPUTY_NAME: (
        "deputy name", "deputy", "deputy head", "director adjunct", "заступник", "заступник директора",
        "заступник керівника школи", "заместитель", "заместитель директора", "намеснік", "намеснік дырэктара",
    ),
    C.DESIGNATED_EMAIL: (
        "designated email", "designated person email", "email persoana desemnată", "email persoana responsabilă",
        "email уповноваженої особи", "email відповідальної особи", "email ответственного лица",
        "email упаўнаважанай асобы", "email адказнай асобы",
    ),
    C.DESIGNATED_NAME: (
        "designated name", "designated person", "persoana desemnată", "persoana responsabilă", "уповноважена особа",
        "відповідальна особа", "ответственное лицо", "упаўнаважаная асоба", "адказная асоба",
    ),
    C.EMAIL: (
        "email", "e mail", "mail", "email address", "work email", "university email", "adresa de email",
        "adresa de e mail", "adresa electronică", "e mail ul", "poșta electronică", "електронна пошта",
        "електронна адреса", "електронна скринька", "адреса електронної пошти", "ел пошта", "ел адреса",
        "ел скринька", "е пошта", "пошта", "электронная почта", "электронный адрес", "адрес электронной почты",
        "эл почта", "эл адрес", "адрес эл почты", "электронная пошта", "адрас электроннай пошты",
        "contactpointhasemail",
    ),
    C.PERSON_NAME: (
        "person", "person name", "full name", "name of the person", "nume", "numele", "numele și prenumele",
        "nume prenume", "піб", "п і б", "прізвище та ім'я", "прізвище ім'я по батькові", "имя", "фио", "ф и о",
        "фамилия имя отчество", "прозвішча і імя", "прозвішча імя імя па бацьку",
    ),
    C.DUTY: ("duty", "role", "position", "office", "funcția", "funcție", "посада", "роль", "должность", "пасада"),
}  # fmt: skip

# Codes of the state's codifier of places, which name a district.
KATOTTH = ("код катоттг", "катоттг", "katottgcode", "katottgcodeu")
DISTRICTS = (
    "district", "raion", "raionul", "denumirea raionului", "район", "назва району", "наименование района", "раён",
    "назва раёна",
)  # fmt: skip
# Codes of the codifier before it, whose districts are abolished.
KOATUU = ("код коатуу", "коатуу", "koatuu id")

# Words that only say that a heading is about the school.
OF_SCHOOL = (
    "of", "the", "in", "school", "institution", "de", "din", "a", "instituție", "instituției", "învățământ",
    "învățămînt", "școală", "școlii", "unitate", "unității", "у", "закладу", "закладі", "освіти", "загальної",
    "середньої", "навчального", "ззсо", "знз", "школи", "школі", "в", "школы", "учреждения", "учреждении",
    "образования", "общего", "среднего", "организации", "уо", "установы", "адукацыі",
)  # fmt: skip

# Headings made of these words: “Кількість учнів у закладі (всього)”, “ФИО руководителя”, “E-mail-ul directorului”.
PUPILS = (
    "pupils", "students", "learners", "elevi", "elevilor", "учні", "учнів", "здобувачі", "здобувачів", "ученики",
    "учеников", "учащиеся", "учащихся", "обучающиеся", "обучающихся", "вучні", "вучняў", "навучэнцы", "навучэнцаў",
)  # fmt: skip
HOW_MANY = (
    "number", "total", "all", "nr", "număr", "numărul", "contingent", "contingentul", "înscriși", "кількість",
    "к", "сть", "чисельність", "число", "контингент", "загальна", "всього", "усього", "разом", "количество", "кол",
    "во", "численность", "общее", "общая", "всего", "итого", "колькасць", "усяго", "разам",
    "on", "year", "la", "an", "anul", "studii", "станом", "на", "н", "р", "рік", "навчальний", "г", "год", "учебный",
    "навучальны",
)  # fmt: skip
OF_HEAD = (
    "head", "principal", "director", "directorul", "directorului", "conducătorul", "conducătorului",
    "директор", "директора", "керівник", "керівника", "руководитель", "руководителя", "дырэктар", "дырэктара",
    "кіраўнік", "кіраўніка",
)  # fmt: skip
NAME_OF_PERSON = (
    "teacher", "name", "full", "nume", "numele", "prenume", "prenumele", "și", "піб", "п", "і", "б", "прізвище", "та", "ім'я", "по",
    "батькові", "фио", "ф", "и", "о", "фамилия", "имя", "отчество", "прозвішча", "імя", "па", "бацьку",
)  # fmt: skip
EMAIL_OF_PERSON = (
    "teacher", "email", "e", "mail", "address", "adresa", "poșta", "electronică", "електронна", "ел", "адреса", "пошта",
    "электронная", "эл", "почта", "адрес",
)  # fmt: skip

# Remarks in brackets, beside those on a total, that do not change what a heading means: “Область (код)”.
REMARKS = (
    "full", "official", "code", "complet", "completă", "oficial", "oficială", "juridică", "cod", "codul", "код", "повна",
    "повне", "офіційна", "офіційний", "офіційне", "юридична", "фактична", "полное", "официальный", "официальное",
    "юридический", "фактический", "поўная", "афіцыйны", "persoane", "осіб", "человек", "чел", "чалавек", "згідно", "зі",
    "статутом", "статуту", "уставу",
)  # fmt: skip
