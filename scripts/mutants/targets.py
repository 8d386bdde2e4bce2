"""Which functions are broken, and how a broken one gets into a running process."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType, ModuleType

from mutants.changes import Mutant, mutants

# What learning rests on. Layers that are added later are broken too.
MODULES = (
    "arrays",
    "averages",
    "constraints",
    "functions",
    "graph",
    "initializers",
    "layers",
    "losses",
    "models",
    "optimizers",
    "schedules",
)
SPARED = {"__repr__"}


@dataclass(frozen=True)
class Target:
    """A function of the package: where it is and its name within the module."""

    module: ModuleType
    name: str
    function: FunctionType

    @property
    def full_name(self) -> str:
        return f"{self.module.__name__.removeprefix('dlbasics.')}.{self.name}"

    def mutants(self) -> Iterator[Mutant]:
        return mutants(parsed(self.module), self.name)

    def become(self, mutant: Mutant | None) -> None:
        """Give the function new code, in this process, for all who use it.

        Without a mutant it gets its own, compiled once more: nothing may change.
        """
        if mutant is not None:
            mutant.make()
        code = compile(parsed(self.module), self.module.__file__, "exec")
        self.function.__code__ = code_of(code, self.name)


@cache
def parsed(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def code_of(module: CodeType, name: str) -> CodeType:
    """Find the code of a function in the compiled module that defines it."""
    code = module
    for part in name.split("."):
        inner = (c for c in code.co_consts if isinstance(c, CodeType))
        code = next(c for c in inner if c.co_name == part)
    return code


def modules() -> Iterator[ModuleType]:
    for name in MODULES:
        module = importlib.import_module(f"dlbasics.{name}")
        yield module
        for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
            yield importlib.import_module(f"{module.__name__}.{found.name}")


def targets() -> list[Target]:
    """Every function and method that these modules define, in their order."""
    return [
        Target(module, name, function)
        for module in modules()
        for name, function in functions(module)
        if name.rpartition(".")[2] not in SPARED
    ]


def functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for owner in (module, *filter(inspect.isclass, vars(module).values())):
        if getattr(owner, "__module__", module.__name__) != module.__name__:
            continue
        for value in vars(owner).values():
            found = inspect.unwrap(getattr(value, "fget", value))
            found = getattr(found, "func", found)  # a cached property
            ours = isinstance(found, FunctionType) and "<" not in found.__qualname__
            if ours and found.__code__.co_filename == module.__file__:
                yield found.__qualname__, found
