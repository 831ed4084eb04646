"""The width of words in a picture, estimated without knowing the reader's font.

The widths are those of DejaVu Sans, rounded up: the widest face among those that a page may be shown in,
so what fits here fits everywhere. A character that is not listed counts as a whole em.
"""

_BOLD = {
    0.35: " 'ijlîії",
    0.40: ",./:;IJ\\·ÎʼІЇ’\u00a0",
    0.45: "-f",
    0.50: "!()[]_`rtț–",
    0.55: '"*гґ',
    0.60: "?|cszșзстэє",
    0.65: "Lx«»ГвхьяҐ",
    0.70: "$0123456789EFTaekovyâăȚЁЕТабекнопучёў“”„€",
    0.75: "CPSYZbdghnpqu{}ȘЄЗРСЭийлрц",
    0.80: "ABKRVXÂĂЎАБВУХЬЯъ",
    0.85: "#+<=>DGHNOQU^~×ИЙКЛНОПЧдм",
    0.90: "&Д",
    0.95: "wЦЪы",
    1.00: "@MМФжфю—…",
    1.05: "%mЫ",
    1.10: "ш",
    1.15: "Wщ",
    1.20: "Ю",
    1.25: "ЖШ№",
    1.35: "Щ",
}
_PLAIN = {
    0.30: "'Jijlîії",
    0.35: " ,./:;IÎІЇ\\·ʼ’\u00a0",
    0.40: "()-[]ftț",
    0.45: "!r",
    0.50: '"_`–',
    0.55: "?cszșгзсэєґ“”„",
    0.60: "*|FLkvxyвтухчьў",
    0.65: "$0123456789EPSTYabdeghnopqu{}«»âăȘȚЁЎГЕЗРТУабеийклоряёҐ€",
    0.70: "ABCKRVXZÂĂЄАБВСХЧЬЭЯднпц",
    0.75: "NUИЙКъ",
    0.80: "&DGHOQДЛНОПЦмы",
    0.85: "#+<=>^w~×Ъю",
    0.90: "MМФЫф",
    0.95: "%жшщ",
    1.00: "@Wm—…",
    1.05: "№",
    1.10: "ЖШЩЮ",
}
_WIDTHS = {
    bold: {sign: width for width, signs in table.items() for sign in signs}
    for bold, table in ((True, _BOLD), (False, _PLAIN))
}
UNKNOWN = 1.0
HYPHEN = "-"


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the maximum width of a text on one line."""
    table = _WIDTHS[bold]
    return sum(table.get(sign, UNKNOWN) for sign in text) * size


def widest_word(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of the widest word of a text."""
    return max((width_of(word, size, bold=bold) for word in text.split()), default=0.0)


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines at its blanks; a word wider than the line goes on below, with a hyphen."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size, bold=bold) > width:
            cut = _fitting(line, width, size, bold=bold)
            lines.append(line[:cut] + HYPHEN)
            line = line[cut:]
    return [*lines, line] if line else lines


def _fitting(word: str, width: float, size: float, *, bold: bool) -> int:
    """Count the characters of a word that fit on a line with a hyphen; at least one, never all of them."""
    count = 1
    while count < len(word) - 1 and width_of(word[: count + 1] + HYPHEN, size, bold=bold) <= width:
        count += 1
    return count
