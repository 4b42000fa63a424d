"""Statements that hold for every formula, tried on generated ones."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pymatgen.core import Composition

from replicate.features.atom_table import atom_table
from replicate.features.composition import Compositions, chemical_systems, formulas_of, parse, reduced_keys
from replicate.features.elements import SYMBOLS
from replicate.features.magpie import magpie

# The first call loads the element table, and a busy machine makes any call slow.
unhurried = settings(deadline=None)

symbols = st.sampled_from([*SYMBOLS, "D", "T"])
numbers = st.one_of(
    st.just(""),
    st.integers(1, 999).map(str),
    st.floats(0.001, 99, allow_nan=False).map(lambda x: f"{x:.3f}"),
    st.integers(1, 99).map(lambda x: f".{x}"),
    st.integers(1, 9).map(lambda x: f"{x}."),
)
parts = st.tuples(symbols, numbers).map("".join)
plain = st.lists(parts, min_size=1, max_size=7).map("".join)
grouped = st.recursive(
    plain,
    lambda inner: st.tuples(inner, st.sampled_from(["()", "[]", "{}"]), inner, numbers).map(
        lambda t: f"{t[0]}{t[1][0]}{t[2]}{t[1][1]}{t[3]}"
    ),
    max_leaves=4,
)
# Integer amounts of distinct elements that have a pixel.
recipes = st.dictionaries(st.sampled_from(SYMBOLS[:100]), st.integers(1, 400), min_size=1, max_size=7)


def written(recipe: dict[str, int], factor: float = 1) -> str:
    return "".join(f"{symbol}{amount * factor:g}" for symbol, amount in recipe.items())


def as_pymatgen(formula: str) -> np.ndarray:
    amounts = np.zeros(118)
    for element, amount in Composition(formula).items():
        amounts[element.Z - 1] += amount
    return amounts


@unhurried
@given(grouped)
def test_bracketed_formulas_read_as_pymatgen_reads_them(formula: str) -> None:
    np.testing.assert_allclose(parse([formula]).amounts[0], as_pymatgen(formula), rtol=1e-14)


@settings(unhurried, max_examples=300)
@given(st.text(alphabet="FeOHNaXQ0123456789.-+()[]{}e @*", max_size=12))
def test_any_text_is_read_as_pymatgen_reads_it_or_refused(text: str) -> None:
    found = parse([text], on_error="collect")
    if found.problems:
        assert not len(found)
        return
    np.testing.assert_allclose(found.amounts[0], as_pymatgen(text), rtol=1e-14)
    assert np.isfinite(found.amounts).all()
    assert found.amounts.sum() > 0


@unhurried
@given(st.lists(recipes, min_size=1, max_size=5))
def test_the_atom_table_holds_the_fractions(many: list[dict[str, int]]) -> None:
    found = parse([written(recipe) for recipe in many])
    tables = atom_table(found)
    np.testing.assert_allclose(tables.reshape(-1, 100), found.fractions[:, :100], atol=2e-7)
    np.testing.assert_allclose(parse(formulas_of(found.fractions).tolist()).fractions, found.fractions, rtol=1e-4)


@unhurried
@given(recipes, st.sampled_from([0.1, 0.3, 2, 3, 7, 10]), st.randoms(use_true_random=False))
def test_keys_and_magpie_know_no_multiples_and_no_order(recipe, factor, random):
    shuffled = list(recipe.items())
    random.shuffle(shuffled)
    found = parse([written(recipe), written(dict(shuffled), factor)])
    keys, systems, statistics = reduced_keys(found), chemical_systems(found), magpie(found).to_numpy()
    assert keys[0] == keys[1]
    assert systems[0] == systems[1]
    np.testing.assert_allclose(statistics[0], statistics[1], rtol=1e-9, atol=1e-9)


@unhurried
@given(recipes, recipes)
def test_keys_tell_compositions_apart(one: dict[str, int], other: dict[str, int]) -> None:
    found: Compositions = parse([written(one), written(other)])
    assume(np.abs(found.fractions[0] - found.fractions[1]).max() > 1.1e-4)
    keys = reduced_keys(found)
    assert keys[0] != keys[1]
