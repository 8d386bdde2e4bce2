"""Small mistakes in a function, one at a time, made in its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

SWAPPED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
COMPARED = {  # the opposite, and the other answer for equals
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
RENAMED = {"max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum"}
DROPPED = {"sqrt", "abs", "sign", "exp", "log", "log1p", "expm1", "cos", "sum", "mean"}
WORDS = (ast.Raise, ast.JoinedStr)  # what is said about a mistake is not computed
GUARDS = {"strict"}  # keywords that no correct call needs


@dataclass(frozen=True)
class Mutant:
    """A function with one mistake; `before` and `after` are the line that changed."""

    before: str
    after: str
    place: tuple[ast.AST, str, int | None]
    change: ast.AST

    def make(self) -> None:
        """Put the mistake into the tree that `mutants` was given."""
        put(*self.place, ast.copy_location(self.change, self.place[0]))
        ast.fix_missing_locations(self.place[0])


def mutants(tree: ast.Module, function: str) -> Iterator[Mutant]:
    """Yield every mutant of a module's function, given by its qualified name."""
    for *place, node, line in places(find(tree, function)):
        before = first_line(line)
        for change in changes(node, place[1]):
            put(*place, change)
            after = "pass" if isinstance(change, ast.If) else first_line(line)
            put(*place, node)
            yield Mutant(before, after, tuple(place), change)


def find(tree: ast.Module, function: str) -> ast.FunctionDef:
    """Return the function of a qualified name such as `Dense.backward`."""
    node: ast.AST = tree
    for name in function.split("."):
        node = next(n for n in node.body if getattr(n, "name", None) == name)
    return node


def places(function: ast.FunctionDef) -> Iterator[tuple]:
    """Yield (parent, field, index, node, statement) for all that can be changed."""
    todo = [(function, "body", i, s, s) for i, s in enumerate(function.body)]
    while todo:
        parent, field, at, node, line = todo.pop(0)
        if isinstance(node, WORDS) or is_docstring(node) or is_the_rest(parent, node):
            continue
        if isinstance(node, ast.keyword) and node.arg in GUARDS:
            continue
        yield parent, field, at, node, line
        for name, value in ast.iter_fields(node):
            if name in ("args", "returns", "annotation") and isinstance(node, ast.stmt):
                continue
            for i, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    i_or_none = i if isinstance(value, list) else None
                    inside = child if isinstance(child, ast.stmt) else line
                    todo.append((node, name, i_or_none, child, inside))


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_the_rest(parent: ast.AST, node: ast.AST) -> bool:
    """The -1 of `x.reshape(-1, n)`: NumPy takes any number below 0."""
    call = isinstance(parent, ast.Call) and isinstance(node, ast.UnaryOp)
    return call and getattr(parent.func, "attr", "") == "reshape"


def put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def first_line(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


def skipped(statement: ast.stmt) -> ast.If:
    """A statement that is not reached: gone, but for the names that it uses."""
    return ast.If(ast.Constant(False), [statement], [])


def changes(node: ast.AST, field: str) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    if type(node) in SWAPPED:
        yield SWAPPED[type(node)]()
    for kind in COMPARED.get(type(node), ()):
        yield kind()
    match node:
        case ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield skipped(node)
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield skipped(node)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield from (left, right)
        case ast.BinOp(left=left, op=ast.Div() | ast.FloorDiv() | ast.Pow()):
            yield left
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(node.value + 1)
        case ast.keyword(arg="axis", value=ast.Constant(value=1)):
            yield ast.keyword("axis", ast.Constant(0))
        case ast.Name() if field == "func" and node.id in RENAMED:
            yield ast.Name(RENAMED[node.id], ast.Load())
        case ast.Attribute(value=ast.Name(id="np" | "math")) if node.attr in RENAMED:
            yield ast.Attribute(node.value, RENAMED[node.attr], ast.Load())
        case ast.Call(func=ast.Attribute(attr=name), args=[x]) if name in DROPPED:
            yield x
