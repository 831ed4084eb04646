"""Calculates formula columns for paper, as a workbook does by itself."""

import ast
import re
from collections.abc import Mapping
from fractions import Fraction
from operator import add, mul, sub, truediv

PLACE = re.compile(r"\{(\w+)\}")
SIGNS = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
NOTHING = (KeyError, TypeError, ValueError, ZeroDivisionError, SyntaxError, RecursionError)


def reckon(name: str, row: Mapping[str, str], formulas: Mapping[str, str]) -> str:
    """Return the value of a formula column in a row, with at most one decimal place.

    It is empty while any of its cells is, or if a formula has more than numbers, cells, + - * / and ROUND.
    """
    try:
        value = _cell(name, row, formulas)
    except NOTHING:
        return ""
    return str(value.numerator if value.denominator == 1 else round(float(value), 1))


def _cell(name: str, row: Mapping[str, str], formulas: Mapping[str, str]) -> Fraction:
    if name not in formulas:
        said = row[name].strip()
        if not NUMBER.fullmatch(said):
            raise ValueError(said)
        return Fraction(said.replace(",", "."))
    places = list(dict.fromkeys(PLACE.findall(formulas[name])))
    # Cells are numbered, because the name of a column may be a Python keyword.
    text = PLACE.sub(lambda found: f"c{places.index(found[1])}", formulas[name].removeprefix("="))
    cells = {f"c{number}": _cell(one, row, formulas) for number, one in enumerate(places)}
    return _value(ast.parse(text, mode="eval").body, cells)


def _value(node: ast.AST, cells: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        sign = SIGNS[type(node.op)]
        return Fraction(sign(_value(node.left, cells), _value(node.right, cells)))
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ROUND":
        return _rounded(*(_value(one, cells) for one in node.args))
    if isinstance(node, ast.Name):
        return cells[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value)
    raise ValueError(ast.dump(node))


def _rounded(value: Fraction, places: Fraction) -> Fraction:
    """Round as a workbook does: a half goes away from zero."""
    unit = Fraction(10) ** int(places)
    whole = int(abs(value) * unit + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole) / unit
