"""Numbers after an equation was put between others."""

import json
import shutil

from repository import ROOT

from tools import renumber


def test_the_chapters_need_none(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    assert renumber.renumber(tmp_path / "notebooks") == []


def test_an_equation_put_first_moves_the_others_and_their_references(tmp_path):
    path = next((ROOT / "notebooks").glob("05-*.ipynb"))
    before = path.read_text("utf8")
    assert r"\\tag{5.2}" in before and "[(5.2)](#eq-05-amplification)" in before
    notebook = json.loads(before)
    notebook["cells"][0]["source"].append('\n\n<a id="eq-05-new"></a>\n\n$$\nx \\tag{5.77}\n$$')
    (tmp_path / path.name).write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf8")
    assert renumber.renumber(tmp_path) == [path.name]
    after = (tmp_path / path.name).read_text("utf8")
    assert r"x \\tag{5.1}" in after and "[(5.3)](#eq-05-amplification)" in after and "(5.2)](#eq-05-ampl" not in after
    assert renumber.renumber(tmp_path) == []
