"""The words that show who, when and with what evidence, in each language.

Each entry is the beginning of a word (or of several), as a regular expression; it matches any ending.
Editors may add to the lists: the labelled answers in the tests show whether that helps.
"""

from enum import StrEnum


class Aspect(StrEnum):
    """What a good answer says."""

    WHO = "who"
    WHEN = "when"
    EVIDENCE = "evidence"


_DATES = (r"\b\d{1,2}\.\d{1,2}\.(?:20)?\d{2}\b", r"\b20\d\d\b", r"\b\d{1,2}:\d{2}\b")

WHO = {
    "en": (
        "head", "principal", "deput", "teacher", "psychologist", "designated person", "counsellor", "counselor",
        "pedagogue", "administrator", "technician", r"it person", "coordinator", "secretary", "librarian", "nurse",
        r"(?:school |pupil |parent )?council", r"board(?! beside| near| in)(?<!notice board)", "director", "tutor", "founder", "officer", r"adults? named",
        r"all staff", r"staff (?:member|sign|report|read)", r"working group", "team", "specialist", "lawyer", "guard",
        "caretaker", r"it staff",
    ),
    "ro": (
        "director", "directoarea", "profesor", "învățător", r"dirigin[tț]", "psiholog", r"persoana (?:desemnat|responsabil)",
        "coordonator", "pedagog", "asistent", "administrator", "informatician", "secretar", "bibliotecar", "consili",
        "responsabil", "echip", "fondator", "medic", "specialist", "jurist", "adjunct", r"toți angajații",
        r"tot personalul", "personalul", r"cadrel\w+ didactic", r"grupul? de lucru", "paznic",
    ),
    "uk": (
        "директор", "заступни", "вчител", "учител", "психолог", r"відповідальн\w+ особ", "відповідальн", "координатор",
        "педагог", "адміністратор", "секретар", "бібліотекар", r"рад[аиоуі]\b", r"педрад", "засновни", "лікар", "медсестр",
        "класн\\w+ керівни", "керівни", "команд", "фахів", "спеціаліст", "юрист", "асистент", r"усі працівники",
        r"весь персонал", "працівник", r"робоч\w+ груп", "охорон",
    ),
    "ru": (
        "директор", "заместител", "завуч", "учител", "психолог", r"ответственн\w+ лиц", "ответственн", "координатор",
        "педагог", "администратор", "секретар", "библиотекар", r"совет\w* (?:школ|родител|учени)", "педсовет", "учредител",
        "врач", "медсестр", r"классн\w+ руководител", "руководител", "команд", "специалист", "юрист", "куратор",
        r"все сотрудники", r"весь персонал", "сотрудник", r"рабоч\w+ групп", "охранник",
    ),
    "be": (
        "дырэктар", "намесні", "настаўні", "псіхолаг", r"адказн\w+ асоб", "адказн", "каардынатар", "педагог",
        "адміністратар", "сакратар", "бібліятэкар", r"савет\w* (?:школ|бацько|вучн)", "педсавет", "заснавальні", "урач",
        "медсястр", r"класн\w+ кіраўні", "кіраўні", "каманд", "спецыяліст", "юрыст", r"усе супрацоўнікі",
        r"увесь персанал", "супрацоўні", r"рабоч\w+ груп", "ахоўні",
    ),
}  # fmt: skip

WHEN = {
    "en": (
        *_DATES, r"within (?:\d|one|two|three|five|ten|a |an |the )", r"every (?:\w+ )?(?:year|term|month|week|day|semester|morning|friday|monday|september|half|quarter)",
        r"each (?:\w+ )?(?:year|term|month|week|day|semester|morning|september|half|quarter)", "daily", "weekly", "monthly", "yearly", "annual",
        "quarterly", r"(?:once|twice|three times|times) (?:a|per|each|every)", r"(?:same|next) (?:working |school )?day", "at once", "immediately",
        r"at the (?:start|beginning|end) of", r"in (?:january|february|march|april|may|june|july|august|september|october|november|december)",
        r"on \d", r"by \d", r"\d+ (?:working )?(?:hour|day|week|month|minute)", r"(?:one|two|three|five|ten) (?:working )?(?:hour|day|week|month)s?", r"before (?:the )?(?:first|start|new)",
        r"by the (?:end|first)", r"from (?:monday|september|january|\d)", r"first (?:day|week)", r"half.?year", "in the last (?:year|12|twelve)", r"on (?:entry|monday|friday)",
    ),
    "ro": (
        *_DATES, r"în (?:\d+|termen|decurs|aceeași|două|trei|cinci|prima) ", r"(?:fiecare|fiecărui|fiecărei) (?:an|lun|săptămân|zi|semestr|trimestr|septembrie|început)",
        "anual", "lunar", "săptămânal", "zilnic", "semestrial", "trimestrial", r"o dată (?:pe|la|în)", r"de (?:două|trei|\d+) ori", r"aceeași zi",
        r"ziua următoare", r"următoarea zi", "imediat", r"fără întârziere", r"la începutul", r"la sfârșitul", r"până la", r"până pe", r"\d+ (?:de )?(?:or[eăi]|zile|săptămâni|luni|minute)",
        r"(?:ianuarie|februarie|martie|aprilie|iunie|iulie|august|septembrie|octombrie|noiembrie|decembrie)", r"la fiecare", r"cel (?:târziu|mai târziu)", r"prima (?:zi|săptămână)", r"înainte de",
        r"(?:două|trei|cinci|zece) (?:zile|ore|săptămâni|luni)",
    ),
    "uk": (
        *_DATES, r"протягом", r"щор(?:оку|ічн)", r"щомісяц", r"щомісяч", r"щотиж", r"щод(?:ня|енн)", r"щокварт", r"щосеместр", r"щопівр", r"раз на", r"рази? на", r"двічі на", r"кожн\w+ (?:рок|рік|місяц|тиж|ден|дня|семестр|вересн|понеділ|п.ятниц)",
        r"того ж дня", r"наступн\w+ (?:робоч\w+ )?д(?:ень|ня)", r"негайно", r"одразу", r"на початку", r"наприкінці", r"до \d", r"не пізніше", r"\d+ (?:робоч\w+ )?(?:год|дн|днів|тижн|місяц|хвилин)",
        r"(?:січн|лют(?:ого|ому)|березн|квітн|травн|червн|липн|серпн|вересн|жовтн|листопад|грудн)", r"перш\w+ (?:дн|тижн|ден)", r"у день", r"за (?:три|два|п.ять|\d+) (?:робоч\w+ )?дн", r"(?:два|три|п.ять|десят\w+) (?:робоч\w+ )?(?:дні|днів|годин)",
    ),
    "ru": (
        *_DATES, r"в течение", r"ежегодн", r"ежемесяч", r"еженедел", r"ежедневн", r"ежекварт", r"каждое полугод", r"раз в", r"раза в", r"дважды в", r"кажд\w+ (?:год|месяц|недел|день|семестр|четверт|сентябр|понедельн|пятниц|полугод|утро)",
        r"(?:в тот|того) же д(?:ень|ня)", r"следующ\w+ (?:рабоч\w+ )?д(?:ень|ня)", r"немедленно", r"сразу", r"незамедлительно", r"в начале", r"в конце", r"до \d", r"не позднее", r"\d+ (?:рабоч\w+ )?(?:час|дн|дней|недел|месяц|минут)",
        r"(?:январ|феврал|\bмарт[ае]|апрел|\bма[йея]\b|июн|июл|август|сентябр|октябр|ноябр|декабр)", r"перв\w+ (?:день|дня|недел)", r"(?:два|три|пять|десять|двух|трёх|трех) (?:рабоч\w+ )?(?:дня|дней|часа|часов)", r"ежеквартальн",
    ),
    "be": (
        *_DATES, r"на працягу", r"штогод", r"штогадов", r"штомесяц", r"штомесяч", r"штотыд", r"штодня", r"штодзённ", r"штокварт", r"раз на", r"раз у", r"разы? (?:на|у)", r"двойчы (?:на|у)", r"кожн\w+ (?:год|месяц|тыд|дзень|семестр|чвэрц|верас|панядзел|пятніц|паўгодд)",
        r"(?:у той|таго) ж(?:а)? д(?:зень|ня)", r"наступн\w+ (?:рабоч\w+ )?д(?:зень|ня)", r"неадкладна", r"адразу", r"на пачатку", r"у пачатку", r"у канцы", r"да \d", r"не пазней", r"\d+ (?:рабоч\w+ )?(?:гадзін|дн|дзён|тыдн|месяц|хвілін)",
        r"(?:студзен|лют(?:ага|ым)|сакавік|красавік|\bма[йія]\b|чэрвен|ліпен|жнівен|жніўн|верасн|верасен|кастрычнік|лістапад|снежн)", r"перш\w+ (?:дзень|дня|тыдн|тыдзень)", r"(?:два|тры|пяць|дзесяць|трох|двух) (?:рабоч\w+ )?(?:дні|дзён|гадзін)",
    ),
}  # fmt: skip

EVIDENCE = {
    "en": (
        r"page \d", r"pages \d", r"p\. ?\d", "annex", "appendix", r"section \d", r"chapter \d", r"article \d", r"point \d", r"order (?:no|of|\d)", r"minutes of", "minute book", r"log of", r"logbook", "register", "record sheet", "signed", "signature", "sign it", "signs it", "survey", r"(?:annual|yearly|written) report", r"report of",
        "timetable", r"published (?:on|at|in)", "notice board", "poster", "website", "school page", r"school.s page", r"(?:blank )?form\b", "template", "certificate", "attendance", "list of", "photo of the board", "see the (?:document|policy|plan|order)", "checklist", "journal", "protocol", "questionnaire", "card",
    ),
    "ro": (
        r"pagin[ai] \d", r"pag\. ?\d", r"p\. ?\d", "anex", r"secțiunea \d", r"capitolul \d", r"punctul \d", r"articolul \d", r"ordin", "proces", "registr", "jurnal", "semn", "semnăt", "sondaj", "chestionar", "raport", "orar", "publicat", "afiș", "panou", "site", r"pagina școlii", "formular", "model", "certificat", "prezenț", r"list[aeă]", "fiș[aăe]", "dispoziți",
    ),
    "uk": (
        r"сторін\w+ \d", r"стор\. ?\d", r"с\. ?\d", "додат", r"розділ\w* \d", r"пункт\w* \d", r"п\. ?\d", "наказ", "протокол", "журнал", "реєстр", "підпис", "опитуван", "анкет", "звіт", "розклад", "опублікован", "оприлюднен", "плакат", "стенд", "сайт", r"сторінці школи", "форм[аиуі]\\b", "бланк", "зразок", "сертифікат", "відомост", r"спис(?:ок|ку)", "пам.ятк",
    ),
    "ru": (
        r"страниц\w+ \d", r"стр\. ?\d", r"с\. ?\d", "приложени", r"раздел\w* \d", r"пункт\w* \d", r"п\. ?\d", "приказ", "протокол", "журнал", "реестр", "подпис", "опрос", "анкет", "отчёт", "отчет", "расписани", "опубликован", "размещен", "плакат", "стенд", r"\bсайт", r"странице школы", "форм[аыуе]\\b", "бланк", "образец", "сертификат", "ведомост", r"спис(?:ок|ке|ка)", "памятк",
    ),
    "be": (
        r"старон\w+ \d", r"стар\. ?\d", r"с\. ?\d", "дадат", r"раздзел\w* \d", r"пункт\w* \d", r"п\. ?\d", "загад", "пратакол", "журнал", "рээстр", "подпіс", "падпіс", "апытан", "анкет", "справаздач", "расклад", "апублікаван", "размешчан", "плакат", "стэнд", r"\bсайт", r"старонцы школы", "форм[аыуе]\\b", "бланк", "узор", "сертыфікат", "ведамасц", r"спіс", "памятк",
    ),
}  # fmt: skip

CLARITY_WORDS = {Aspect.WHO: WHO, Aspect.WHEN: WHEN, Aspect.EVIDENCE: EVIDENCE}

# Words that distinguish Romanian from English where no letter does.
ROMANIAN_WORDS = (
    "este", "sunt", "cu", "din", "pentru", "la", "elevii", "elevi", "se", "nu", "un", "de", "pe", "prin", "care", "sau",
)  # fmt: skip
