"""The page of the public names lists those that ``replicate`` exports, and no name that is not there."""

import re
from importlib import import_module
from typing import Any

import pytest
from checkout import ROOT

import replicate

PAGE = (ROOT / "book/about/api.md").read_text(encoding="utf-8")
NAMES = sorted(
    {*re.findall(r"auto\w+:: (replicate[\w.]+)", PAGE), *re.findall(r"^\| `(replicate[\w.]+)` \|", PAGE, re.M)}
)


def value_of(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


def test_the_page_lists_what_is_exported() -> None:
    functions = re.findall(r"autofunction:: replicate\.(\w+)$", PAGE, re.M)
    assert sorted([*functions, "__version__"]) == sorted(replicate.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_page_names_exists_and_says_what_it_is(name: str) -> None:
    assert value_of(name).__doc__.strip()


@pytest.mark.parametrize("members", re.findall(r"autoclass:: ([\w.]+)\(\)\n   :members: (.+)", PAGE))
def test_members_exist(members: tuple[str, str]) -> None:
    assert set(members[1].split(", ")) <= set(dir(value_of(members[0])))
