"""Small faults of a module, each a change of its syntax tree.

In: source text. Out: ``Mutant``. Pure. Left out is what changes nothing that a test can see: docstrings, messages
(a text with a blank), type hints, imports for types, logging, `frozen` and `strict` arguments, the order of the
arguments of `max`.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_BODIES = ("body", "orelse", "finalbody")
_SYMMETRIC = ("max", "min", "same")
"""Functions whose arguments mean the same in any order."""
_LOGGERS = ("logging", "logger", "log", "warnings")
_WITHOUT_EFFECT = ("frozen", "slots", "strict")
"""Keywords: a tree of values that nobody changes, and lists whose lengths are equal, are the same without them."""


@dataclass(frozen=True)
class Mutant:
    """``lines``: 1-based lines of the module where the fault is; ``text``: the module with it, without comments."""

    name: str
    lines: range
    text: str
    diff: str


@dataclass(frozen=True)
class _Fault:
    """``edit`` changes the node with this number (in the order of ``ast.walk``) in place."""

    name: str
    node: int
    lines: range
    edit: Callable[[ast.AST], None]


def mutants(source: str) -> list[Mutant]:
    """All of them, in the order of the tree."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    found = []
    for fault in _faults(tree):
        changed = copy.deepcopy(tree)
        fault.edit(list(ast.walk(changed))[fault.node])
        after = ast.unparse(ast.fix_missing_locations(changed))
        if after != before:
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
            diff = "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
            found.append(Mutant(fault.name, fault.lines, after, diff))
    return found


def _faults(tree: ast.Module) -> Iterator[_Fault]:
    left_out = _left_out(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in left_out:
            continue
        for name, place, edit in _of_node(node):
            if id(place) not in left_out:
                start, end = getattr(place, "lineno", 1), getattr(place, "end_lineno", 1)
                yield _Fault(name, number, range(start, end + 1), edit)


def _of_node(node: ast.AST) -> Iterator[tuple[str, ast.AST, Callable[[ast.AST], None]]]:
    """Name, the node where the fault is, and the edit of a copy of ``node``."""
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                yield "comparison", node, _setter("ops", index, _COMPARED[type(operator)]())
        case ast.BoolOp():
            yield "boolean operator", node, _setter("op", None, ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.BinOp() if type(node.op) in _CALCULATED:
            yield "arithmetic", node, _setter("op", None, _CALCULATED[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield "negation", node, _negate("operand", None)
        case ast.Constant() if (other := _other(node.value)) is not None:
            yield "constant", node, _setter("value", None, other)
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition", node.test, _negate("test", None)
        case ast.comprehension():
            for index, test in enumerate(node.ifs):
                yield "condition", test, _negate("ifs", index)
        case ast.Return() if node.value is not None and not isinstance(node.value, ast.Constant):
            yield "return", node, _setter("value", None, ast.Constant(None))
        case ast.Call() if _can_be_swapped(node):
            yield "swapped arguments", node, _swap
    for name in _BODIES:
        statements = getattr(node, name, None)
        for index, statement in enumerate(statements if isinstance(statements, list) else ()):
            if _can_go(statement):
                yield "deleted statement", statement, _setter(name, index, ast.Pass())


def _setter(name: str, index: int | None, value: object) -> Callable[[ast.AST], None]:
    def edit(node: ast.AST) -> None:
        if index is None:
            setattr(node, name, value)
        else:
            getattr(node, name)[index] = value

    return edit


def _negate(name: str, index: int | None) -> Callable[[ast.AST], None]:
    def edit(node: ast.AST) -> None:
        held = getattr(node, name)
        _setter(name, index, ast.UnaryOp(ast.Not(), held if index is None else held[index]))(node)

    return edit


def _swap(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    node.args[:2] = reversed(node.args[:2])


def _other(value: object) -> object:
    """Another value of the same type; None where a constant is no value, or a text for people."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case float():
            return value * 2 or 1.0
        case str() if " " not in value.strip():
            return f"{value}x" if value.strip() else "x"
        case _:
            return None


def _can_be_swapped(call: ast.Call) -> bool:
    first = call.args[:2]
    return (
        len(first) == 2
        and not any(isinstance(item, ast.Starred) for item in first)
        and (_called(call.func) not in _SYMMETRIC)
    )


def _can_go(statement: ast.AST) -> bool:
    """Whether a program without it may still run: not if a name or a body is then missing."""
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        return not all(isinstance(target, ast.Name) for target in statement.targets)
    return isinstance(statement, (ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete))


def _left_out(tree: ast.Module) -> set[int]:
    """By ``id``: the nodes in which a fault cannot be seen."""
    roots: list[ast.AST | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign():
                roots.append(node.annotation)
            case ast.arg():
                roots.append(node.annotation)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                roots += [node.returns, *(item for item in node.body if _is_placeholder(item))]
            case ast.ClassDef() if any(_called(base) == "Protocol" for base in node.bases):
                roots += node.body
            case ast.Import() | ast.ImportFrom() | ast.Assert():
                roots.append(node)
            case ast.If() if "TYPE_CHECKING" in ast.dump(node.test):
                roots.append(node)
            case ast.Expr(value=ast.Constant()):
                roots.append(node)
            case ast.Expr(value=ast.Call()) if _called(node.value.func, owner=True) in _LOGGERS:
                roots.append(node)
            case ast.keyword() if node.arg in _WITHOUT_EFFECT:
                roots.append(node)
            case ast.Call() if _called(node.func) in ("TypeVar", "cast", "NewType"):
                roots += node.args[:1]
            case ast.JoinedStr():
                # The words of a message; a path is put together without blanks.
                words = [item for item in node.values if isinstance(item, ast.Constant)]
                roots += words if any(" " in str(item.value) for item in words) else []
            case ast.FormattedValue():
                roots.append(node.format_spec)
            case ast.Subscript() if _called(node.value) in ("Literal", "Callable", "dict", "list", "tuple"):
                roots.append(node)
    return {id(inner) for root in roots if root is not None for inner in ast.walk(root)}


def _is_placeholder(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _called(node: ast.AST, owner: bool = False) -> str:
    """``b`` of ``a.b``, or ``a`` with ``owner``; a bare name is both."""
    if isinstance(node, ast.Attribute):
        return _called(node.value) if owner else node.attr
    return node.id if isinstance(node, ast.Name) else ""
