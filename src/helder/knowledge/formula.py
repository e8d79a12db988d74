"""Formulas as one line of text: `142 * min(scr / 0.7, 1) ^ -0.241`. Exact decimals, nothing but arithmetic."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Context, Decimal, DecimalException, localcontext
from functools import lru_cache

LONGEST, DIGITS = 400, 28
_CALLS = {"min": min, "max": max}
_LESS = {ast.Lt: (-1,), ast.LtE: (-1, 0), ast.Gt: (1,), ast.GtE: (0, 1)}


class FormulaError(ValueError):
    """A formula that is no arithmetic over its inputs."""


def compute(formula: str, inputs: Mapping[str, Decimal]) -> Decimal | None:
    """The result, or None where arithmetic has none (division by zero). Raises FormulaError for a bad formula."""
    try:
        with localcontext(Context(prec=DIGITS)):
            value = _value(_parsed(formula), inputs)
    except DecimalException:
        return None
    return value if value.is_finite() else None


def holds(condition: str, inputs: Mapping[str, Decimal]) -> bool:
    """Whether a comparison over the inputs is true: `tg <= 4.5`. Raises FormulaError."""
    tree = _parsed(condition)
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _LESS:
        raise FormulaError(f"found `{condition}`, expected one comparison")
    try:
        with localcontext(Context(prec=DIGITS)):
            left, right = _value(tree.left, inputs), _value(tree.comparators[0], inputs)
    except DecimalException:
        return False
    return (left > right) - (left < right) in _LESS[type(tree.ops[0])]


@lru_cache(maxsize=512)
def _parsed(text: str) -> ast.expr:
    try:
        if len(text) > LONGEST:
            raise SyntaxError
        return ast.parse(text.replace("^", "**"), mode="eval").body
    except SyntaxError:
        raise FormulaError(f"found `{text[:60]}`, expected arithmetic") from None


def _value(tree: ast.expr, inputs: Mapping[str, Decimal]) -> Decimal:
    match tree:
        case ast.Constant(int() | float() as number):
            return Decimal(str(number))
        case ast.Name(name) if name in inputs:
            return inputs[name]
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, inputs)
        case ast.BinOp(left, op, right):
            return _combined(op, _value(left, inputs), _value(right, inputs))
        case ast.Call(ast.Name(("min" | "max") as name), [_, *_] as parts, []):
            return _CALLS[name](_value(part, inputs) for part in parts)
        case ast.Call(ast.Name("ln"), [part], []):
            return _value(part, inputs).ln()
        case ast.Call(ast.Name("sqrt"), [part], []):
            return _value(part, inputs).sqrt()
    raise FormulaError(f"found `{ast.unparse(tree)[:60]}`, expected numbers, inputs and + - * / ^ min max ln sqrt")


def _combined(op: ast.operator, left: Decimal, right: Decimal) -> Decimal:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow():
            return left**right
    raise FormulaError("found another sign, expected + - * / ^")
