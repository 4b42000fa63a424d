"""Public numbers beside ours."""

import pytest

from replicate.errors import ConfigError
from replicate.results import elsewhere, papers


def test_every_score_stands_beside_a_printed_number_of_its_unit_or_beside_none():
    units = {target.id: target.unit for target in papers.targets()}
    assert {units[number] == task.unit for task in elsewhere.tasks() for number in task.beside} == {True}
    assert {task.id for task in elsewhere.beside("zeng2019-gap/mae")} == {"expt-gap"}
    # A balanced accuracy is no area under a curve.
    assert all(not task.beside for task in elsewhere.tasks() if task.metric == "balanced accuracy")


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("zeng2019-gap/mae", "zeng2019-gap/mea", "no published number 'zeng2019-gap/mea'"),
        ("source: hybrid", "source: hybird", "no source 'hybird'"),
        ('"0.0337"', "0.0337", "CGCNN has no score in quotes"),
        ("unit: eV, rows: 4604", "unit: K, rows: 4604", "not in 'K'"),
    ],
)
def test_a_wrong_entry_is_named(monkeypatch, tmp_path, wrong, right, message):
    text = (elsewhere.resources.files("replicate.results") / "elsewhere.yaml").read_text(encoding="utf-8")
    assert wrong in text
    (tmp_path / "elsewhere.yaml").write_text(text.replace(wrong, right), encoding="utf-8")
    monkeypatch.setattr(elsewhere.resources, "files", lambda _: tmp_path)
    with pytest.raises(ConfigError, match=message):
        elsewhere.tasks.__wrapped__()
