"""What a plot draws and says is what its table says, in every language, and no plot tells what a cell hides."""

import pytest
from msgspec.structs import replace

from cissapp.foundation.core.roles import Role
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures import queries
from cissapp.oversee.figures.rules import Cell, Step
from tests.oversee.oversight import sample
from tests.pages import tree, words

LANGUAGES = ("en", "ro", "uk", "ru", "be")
PAGES = ("MD?rows=all", "MD?rows=all&month=2026-09&against=2026-03", "MD/MD-OR?rows=all")
BARS = ("bar-level-3", "bar-level-2", "bar-level-1", "bar-way", "bar-untold")
# A part of a bar is drawn to two places.
NEAR = 0.02


def hidden_step(brief):
    """Hide how many have reached a step, and how many are there."""
    few = Cell(4, NoFigureReason.FEW)
    steps = [
        replace(one, reached=few, waiting=few) if one.step is Step.IN_REVIEW else one
        for one in brief.funnel
    ]
    return replace(brief, funnel=tuple(steps))


@pytest.fixture
def pages(make, sign_in, monkeypatch):
    """The pages in a language."""
    sample.stand_in(monkeypatch)
    plain = queries.brief
    monkeypatch.setattr(queries, "brief", lambda *one, **asked: hidden_step(plain(*one, **asked)))

    def read(language):
        browser = sign_in(make.user(Role.MINISTRY, language=language))
        return [tree(browser.get(f"/oversight/{page}")) for page in PAGES]

    return read


def rows_of(table):
    return [[words(cell) for cell in row] for row in table.find("tbody").iter("tr")]


def fold_of(plot):
    return rows_of(plot.find(".//details[@class='plot-table']//table"))


def parts_of(cell):
    """The parts of a bar in per cent of it, by what they stand for."""
    return {
        one.get("class"): float(one.get("width").rstrip("%"))
        for one in cell.findall(".//rect")
        if one.get("class") in (*BARS, "bar-solid")
    }


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_months_say_the_dates_and_numbers_of_their_table(pages, language):
    for page in pages(language):
        figure = page.find(".//svg[@class='plot-wide']/..")
        rows = fold_of(figure)
        certified = [row[1] for row in rows]
        assert [one.get("class") for one in figure.findall("svg")] == [
            "plot-wide",
            "plot-narrow",
            "plot-printed",
        ]
        for plot in figure.findall("svg"):
            told = words(plot.find("desc"))
            ends = [told.index(text) for text in (rows[-1][0], certified[-1], rows[0][0])]
            assert ends == sorted(ends)
            assert told.rstrip(".").endswith(f"{rows[0][0]}: {certified[0]}")
            values = [words(one) for one in plot.findall("text[@class='plot-value']")]
            assert values[-1] == certified[0]
            assert set(values) <= set(certified)
            ticks = {words(one) for one in plot.findall("text[@class='plot-soft']")}
            drawn = plot.find("path[@class='plot-line']").get("d").lstrip("M").split("L")
            assert len(drawn) == len(rows)
            # The line is as high as the numbers of the table say.
            heights = [float(one.split()[1]) for one in drawn]
            numbers = [int("".join(filter(str.isdigit, one))) for one in reversed(certified)]
            most, base = max(numbers), heights[numbers.index(max(numbers))]
            low = heights[numbers.index(min(numbers))]
            step = (low - base) / (most - min(numbers))
            assert heights == pytest.approx(
                [base + (most - one) * step for one in numbers], abs=0.2
            )
            assert "0" in ticks


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_say_the_numbers_of_their_table_and_a_hidden_one_has_no_length(pages, language):
    for page in pages(language):
        figure = page.find(".//ol[@class='plot-steps']/..")
        rows, steps = fold_of(figure), figure.findall("ol/li")
        assert len(rows) == len(steps) == len(Step)
        for (name, reached, days, _here), step in zip(rows, steps, strict=True):
            line = step.find("p[last()]")
            assert [words(line.find("span")), words(line.find("strong"))] == [name, reached]
            between = words(step.find("p[1]")) if len(step.findall("p")) > 1 else ""
            assert (days == "–") == (between == "")
            assert days == "–" or f" {days} " in between
            hidden = reached == "–"
            length = 100 * int(reached) / int(rows[0][1]) if not hidden else 100
            kind = "bar-untold" if hidden else "bar-solid"
            assert parts_of(line) == {kind: pytest.approx(length, abs=0.05)}
        assert [row[1] for row in rows].count("–") == 1


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_of_a_region_is_as_long_as_its_cells_and_divides_nothing_hidden(pages, language):
    hidden = 0
    for page in pages(language):
        table = page.find(".//section[@class='card ministry-regions']//table")
        for row in table.findall("tbody/tr") if table is not None else []:
            cells = [words(cell) for cell in row.findall("td")]
            schools, not_begun, on_the_way, certified = cells[:4]
            drawn = parts_of(row.find("th"))
            levels = sum(length for kind, length in drawn.items() if "level" in kind)
            assert levels == pytest.approx(100 * int(certified) / int(schools), abs=3 * NEAR)
            if "–" in {not_begun, on_the_way}:
                hidden += 1
                assert (not_begun, on_the_way) == ("–", "–")
                assert "bar-way" not in drawn
                assert drawn["bar-untold"] == pytest.approx(100 - levels, abs=3 * NEAR)
            else:
                way = 100 * int(on_the_way) / int(schools)
                assert drawn.get("bar-way", 0) == pytest.approx(way, abs=NEAR)
                assert "bar-untold" not in drawn
    assert hidden


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_square_of_the_map_says_the_share_of_its_row(pages, language):
    for page in pages(language)[:2]:
        shares = {
            words(row.find("th/a")): words(row.findall("td")[4])
            for row in page.findall(".//section[@class='card ministry-regions']//tbody/tr")
        }
        assert len(shares) == len(sample.REGIONS)
        for square in page.findall(".//figure[@class='map']/svg/a"):
            said, (short, share) = square.get("aria-label"), map(words, square.findall("text"))
            name = said.split(f" ({short}): ")[0]
            assert words(square.find("title")) == said
            assert share == shares.pop(name, "–")
            assert share == "–" or said == f"{name} ({short}): {share}"
            percent = 0 if share == "–" else int(share.split()[0])
            shade = "none" if share == "–" else str(min(percent // 20, 3) + 1)
            assert square.get("class") == f"tile shade-{shade}"
        assert shares == {}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ends_of_certificates_are_those_of_their_table(pages, language):
    for page in pages(language):
        lists = page.findall(".//ul[@class='plot-steps ministry-ends']")
        rows = rows_of(page.findall(".//details[@class='plot-table']")[-1].find(".//table"))
        lines = [line for one in lists for line in one.findall("li/p")]
        said = [[words(line.find("span")), words(line.find("strong"))] for line in lines]
        assert said == [row[:2] for row in rows] != []
        most = max(int(row[1]) for row in rows)
        for line, row in zip(lines, rows, strict=True):
            length = pytest.approx(100 * int(row[1]) / most, abs=0.05)
            assert parts_of(line) == {"bar-solid": length}
