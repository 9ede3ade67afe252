"""Where in its file a graph is defined."""

import ast
from pathlib import Path

_MOST = 2_000_000  # bytes of a file that are read for it


def line_of(source: str, name: str) -> int | None:
    """The line on which the module's `name` is bound last, counted from 1; None if it can't be told by reading."""
    file = Path(source)
    try:
        if not file.is_file() or file.stat().st_size > _MOST:
            return None
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    lines = [node.lineno for node in _statements(tree) if name in _bound(node)]
    return lines[-1] if lines else None


def _statements(tree: ast.AST) -> list[ast.stmt]:
    """Those of the module itself, in `if`, `try` and `with`, too; not those in functions and classes."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.stmt):
            found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            found += _statements(node)
    return found


def _bound(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {node.name}
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name for alias in node.names}
        case ast.Assign():
            targets: list[ast.expr] = node.targets
        case ast.AnnAssign() | ast.AugAssign():
            targets = [node.target]
        case _:
            return set()
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
