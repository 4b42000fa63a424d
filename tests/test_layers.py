"""What lies below imports nothing from above: the layers of the package, read from its imports."""

import ast
from pathlib import Path

import pytest

import replicate

PACKAGE = Path(replicate.__file__).parent
# From the ground up. A folder imports only from layers below its own.
LAYERS = (
    {"errors", "package_digest", "progress", "wording"},
    {"console", "paths", "processes", "repository", "settings"},
    {"notebook"},
    {"features"},
    {"data", "evaluation"},
    {"models"},
    {"training"},
    {"results"},
    {"experiments"},
    {"predict"},
    {"own"},
    {"report"},
    {"cli"},
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
LONGEST = 300
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
NAMES = [path.relative_to(PACKAGE).as_posix() for path in FILES]


def layer(module: str) -> str:
    """Return the layer of a module, named without the package: ``evaluation.splits`` stands in ``evaluation``."""
    return module.partition(".")[0]


def imports(path: Path) -> set[str]:
    """Return the layers that a file imports from, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {layer(name.removeprefix("replicate.")) for name in names if name.startswith("replicate.")} & {*HEIGHT}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_imports_only_from_below(name: str) -> None:
    at = layer(name.removesuffix(".py").replace("/", "."))
    assert at in HEIGHT, f"which layer is {at}?"
    upward = {other for other in imports(PACKAGE / name) - {at} if HEIGHT[other] >= HEIGHT[at]}
    assert not upward


@pytest.mark.parametrize("name", NAMES)
def test_no_file_is_long(name: str) -> None:
    assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= LONGEST
