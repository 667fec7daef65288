"""Worksheets in every format: the same numbers to the digit, and what each format asks for."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from app.listings.worksheets import FORMATS
from app.listings.worksheets.latex import latex_source
from app.listings.worksheets.markup import html_math, typst_math
from app.listings.worksheets.parts import formulas_of
from app.listings.worksheets.pdf import pdf
from app.listings.worksheets.typst_source import typst_source
from rnn_core import Parameters, backward, forward
from rnn_core.cells import CELLS
from rnn_core.losses import LOSSES
from rnn_core.practice import GRADES, Network, Sheet, questions_of, sheet_of
from tests.app.worksheets import HOSTILE, cells, hostile, items, objects_of, one, read_xml, texts_of


@pytest.mark.parametrize("grade", GRADES)
def test_the_json_is_what_the_core_computes(grade):
    for sheet in json.loads(
        next(FORMATS["json"].files([sheet_of(grade, seed) for seed in (3, 4)]))[1]
    ):
        network = sheet["network"]
        params = Parameters.of(network["cell"], network["parameters"])
        trace = forward(
            params,
            network["x"],
            network["y"],
            activation=network["activation"],
            loss=network["loss"],
            h0=network["h0"],
        )
        grads = backward(trace)
        for question in sheet["questions"]:
            of, name, t = question["of"], question["quantity"], question["t"]
            index = tuple(place - 1 for place in question["unit"])
            if name == "L":
                found = trace.loss
            elif name in ("a", "p"):
                logits = trace.logits if of == "value" else grads.logits
                found = (trace.prediction if name == "p" else logits)[0, 0][index]
            elif t is None:
                found = grads.parameters[name][index]
            else:
                source = trace if of == "value" else grads
                found = source[name][t if name in params.cell.states else t - 1, 0][index]
            assert question["answer"] == float(f"{found:.{question['digits']}g}")


@pytest.mark.parametrize("grade", GRADES)
def test_all_formats_have_the_same_answers_to_the_digit(grade):
    sheet = sheet_of(grade, 5)
    wanted = texts_of(sheet)
    assert [float(text) for text in wanted] == [
        question["answer"] for question in json.loads(one("json", sheet))[0]["questions"]
    ]
    assert re.findall(r"\\filled\{([^}]*)\}(?=[ $}]| &| \\\\|\\end)", latex_source(sheet)) == wanted
    filled = re.findall(r'#filled\("([^"]*)"\)', typst_source(sheet))
    assert [text.replace("−", "-") for text in filled] == wanted
    assert typst_source(sheet).count("[#blank]") == len(wanted)
    assert len(re.findall(r"\\blank(?!})", latex_source(sheet))) == len(wanted)
    cloze = read_xml(one("moodle", sheet)).find("question[@type='cloze']")
    assert re.findall(r"\{1:NUMERICAL:=([^:]*):", cloze.findtext("questiontext/text")) == wanted
    assert [item.findtext(".//{*}varequal") for item in items(one("qti", sheet))] == wanted
    code = "\n".join(cells(one("ipynb", sheet), "code"))
    assert re.findall(r"^check\(.*, ([-\d.]+)\)$", code, re.MULTILINE) == wanted


def test_the_pdf_has_our_fonts_alone():
    content = one("pdf", sheet_of(4, 7))
    assert content.startswith(b"%PDF-")
    fonts = set(re.findall(rb"/BaseFont */[A-Z]{6}\+([A-Za-z]+)", objects_of(content)))
    assert fonts == {b"NotoSans", b"NotoSansMath"}


@pytest.mark.parametrize("grade", GRADES)
def test_a_sheet_has_a_page_for_each_way_and_one_for_its_key(grade):
    for seed in range(3):
        content = one("pdf", sheet_of(grade, seed))
        assert len(re.findall(rb"/Type */Page(?!s)", objects_of(content))) == 3


def run(code):
    return subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("grade", [1, 4, 5])
def test_the_notebook_runs_and_marks_what_is_filled_in(grade):
    sheet = sheet_of(grade, 2)
    code = "\n".join(cells(one("ipynb", sheet), "code"))
    empty = run(code)
    assert empty.returncode == 0, empty.stderr
    assert empty.stdout.count("not answered yet:") == len(sheet.questions)
    answers = iter(texts_of(sheet))
    filled = re.sub(r"None  # your number", lambda _: next(answers), code)
    marked = run(filled)
    assert marked.returncode == 0, marked.stderr
    assert marked.stdout.count("right:") == len(sheet.questions)
    wrong = run(code.replace("None  # your number", "99.5", 1))
    assert wrong.returncode == 1
    assert "AssertionError" in wrong.stderr


def test_the_notebooks_step_is_the_networks():
    sheet = sheet_of(5, 2)
    code = cells(one("ipynb", sheet), "code")[0]
    found = run(code + '\nprint(float(step(x[0], h_0)["h"][0]))')
    assert float(found.stdout) == pytest.approx(sheet.network.trace.h[1, 0, 0], rel=1e-14)


def test_the_notebook_is_one_of_nbformat_4_5():
    found = json.loads(one("ipynb", sheet_of(4, 1)))
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    assert set(found) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    for cell in found["cells"]:
        code = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | code
        assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"])
    assert len({cell["id"] for cell in found["cells"]}) == len(found["cells"])


def test_every_blank_of_moodle_takes_what_rounds_to_its_answer():
    sheet = sheet_of(4, 9)
    root = read_xml(one("moodle", sheet))
    assert root.find("question[@type='category']/category/text").text.startswith("$course$/")
    body = root.find("question[@type='cloze']").findtext("questiontext/text")
    blanks = re.findall(r"\{1:NUMERICAL:=([-\d.]+):([\d.e-]+)\}", body)
    for (text, error), answer in zip(blanks, sheet.answers, strict=True):
        assert abs(float(text) - answer) <= float(error) <= 0.011 * abs(answer)


def test_every_item_of_qti_takes_what_rounds_to_its_answer():
    content = next(FORMATS["qti"].files([sheet_of(2, 1), sheet_of(2, 2)]))[1]
    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = read_xml(archive.read("imsmanifest.xml"))
    resource = manifest.find(".//{*}resource")
    assert resource.get("type") == "imsqti_xmlv1p2"
    assert resource.get("href") in archive.namelist()
    answers = [*sheet_of(2, 1).answers, *sheet_of(2, 2).answers]
    found = items(content)
    for item, answer in zip(found, answers, strict=True):
        low = float(item.findtext(".//{*}vargte"))
        high = float(item.findtext(".//{*}varlte"))
        assert low < answer < high
        assert [child.tag.split("}")[1] for child in item] == [
            "itemmetadata",
            "presentation",
            "resprocessing",
        ]
    assert len({item.get("ident") for item in found}) == len(found)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_and_loss_can_be_written_in_every_format(cell, loss):
    rng, outputs = np.random.default_rng(1), 2
    sizes = {"H": 2, "D": 2, "K": outputs}
    drawn = {
        name: np.round(rng.normal(size=[sizes[axis] for axis in shape]), 2)
        for name, shape in CELLS[cell].shapes.items()
    }
    network = Network.of(
        cell,
        drawn,
        [[1, -1], [0.5, 0]],
        [[[1, 0]], [[0, 1]]],
        loss=loss,
        readout="every",
        activation="relu",
        h0=[0.5, -0.5],
        c0=[0.25, 1] if cell == "lstm" else None,
    )
    sheet = Sheet(network, questions_of(network), title="any")
    for formula in formulas_of(network):
        assert "\\" not in typst_math(formula)
        assert "\\" not in html_math(formula)
    for name in FORMATS:
        assert one(name, sheet)


def test_latex_compiles_where_there_is_one(tmp_path):
    command = shutil.which("pdflatex")
    sheets = [*(sheet_of(grade, 7) for grade in GRADES), *map(hostile, HOSTILE)]
    for number, sheet in enumerate(sheets):
        source = latex_source(sheet)
        assert source.count("{") - source.count(r"\{") == source.count("}") - source.count(r"\}")
        assert source.isascii()
        if command:
            (tmp_path / f"{number}.tex").write_text(source)
            made = subprocess.run(
                [command, "-interaction=nonstopmode", "-halt-on-error", f"{number}.tex"],
                cwd=tmp_path,
                capture_output=True,
                check=False,
                timeout=120,
            )
            assert made.returncode == 0, made.stdout[-800:]
            assert b"(3 pages" in made.stdout


@pytest.mark.parametrize("keys", [(False, True), (False,), (True,)])
def test_a_pdf_has_the_pages_that_are_asked_for(keys):
    pages = {False: 2, True: 1}
    made = pdf(sheet_of(2, 1), None, keys)
    (count,) = re.findall(rb"/Type\s*/Pages\b.*?/Count (\d+)", made, re.DOTALL)
    assert int(count) == sum(pages[key] for key in keys)


CONTENT = {
    "questestinterop": "assessment",
    "assessment": "(section )+",
    "section": "(item )+",
    "item": "itemmetadata presentation resprocessing ",
    "itemmetadata": "qtimetadata ",
    "qtimetadata": "(qtimetadatafield )+",
    "qtimetadatafield": "fieldlabel fieldentry ",
    "presentation": "material response_str ",
    "material": "mattext ",
    "response_str": "render_fib ",
    "render_fib": "response_label ",
    "response_label": "",
    "resprocessing": "outcomes respcondition ",
    "outcomes": "decvar ",
    "respcondition": "conditionvar setvar ",
    "conditionvar": "or ",
    "or": "varequal and ",
    "and": "vargte varlte ",
    **dict.fromkeys(
        ("fieldlabel", "fieldentry", "mattext", "decvar", "setvar", "varequal", "vargte", "varlte"),
        "",
    ),
}
"""The part of QTI 1.2's content models (ims_qtiasiv1p2.dtd) that is used, in its order."""
ATTRIBUTES = {
    "assessment": {"ident": ".+", "title": ".+"},
    "section": {"ident": ".+", "title": ".+"},
    "item": {"ident": ".+", "title": ".+"},
    "mattext": {"texttype": "text/html"},
    "response_str": {"ident": ".+", "rcardinality": "Single|Multiple|Ordered"},
    "render_fib": {"fibtype": "String|Integer|Decimal|Scientific"},
    "response_label": {"ident": ".+"},
    "decvar": {
        "varname": "SCORE",
        "vartype": "Integer|String|Decimal|Scientific|Boolean|Enumerated|Set",
        "minvalue": "0",
        "maxvalue": "100",
    },
    "respcondition": {"continue": "Yes|No"},
    "varequal": {"respident": ".+"},
    "vargte": {"respident": ".+"},
    "varlte": {"respident": ".+"},
    "setvar": {"varname": "SCORE", "action": "Set|Add|Subtract|Multiply|Divide"},
}


def test_qti_keeps_to_the_content_models_of_the_specification():
    content = next(FORMATS["qti"].files([sheet_of(2, 1), hostile(HOSTILE[3])]))[1]
    archive = zipfile.ZipFile(io.BytesIO(content))
    root = read_xml(archive.read("assessment.xml"))
    for element in root.iter():
        name = element.tag.split("}")[1]
        children = "".join(f"{child.tag.split('}')[1]} " for child in element)
        assert re.fullmatch(CONTENT[name].replace("assessment", "assessment "), children), name
        wanted = ATTRIBUTES.get(name, {})
        assert set(element.attrib) == set(wanted), name
        for attribute, values in wanted.items():
            assert re.fullmatch(values, element.get(attribute)), (name, attribute)
    for item in root.iter("{*}item"):
        asked = item.find(".//{*}response_str").get("ident")
        assert {each.get("respident") for each in item.iter() if "respident" in each.attrib} == {
            asked
        }
