"""A user's title is text in every worksheet, never markup."""

import re
from html.parser import HTMLParser

import pytest

from app.listings.worksheets.latex import latex_source
from app.listings.worksheets.typst_source import typst_source
from rnn_core.practice import sheet_of
from tests.app.worksheets import HOSTILE, cells, hostile, items, one, read_xml


@pytest.mark.parametrize("text", HOSTILE)
def test_a_users_title_is_text_in_the_pdf(text):
    assert one("pdf", hostile(text)).startswith(b"%PDF-")
    assert "#panic" not in typst_source(hostile(text)).replace(r"\"]#panic(\"", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_users_title_is_text_in_latex(text):
    source = latex_source(hostile(text))
    title = re.search(r"\\Large\\bfseries (.*)\\par\}", source)[1]
    commands = set(re.findall(r"\\([a-z]+)", title))
    assert commands <= {
        "textbackslash",
        "textasciitilde",
        "textasciicircum",
        "textless",
        "textgreater",
        "textbar",
        "texttt",
    }
    assert not re.search(r"(?<!\\)[$#%&_]", title.replace("U+", ""))
    assert title.isascii()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_users_title_is_text_in_the_banks(text):
    cloze = read_xml(one("moodle", hostile(text))).find("question[@type='cloze']")
    body = cloze.findtext("questiontext/text")
    assert body.count("{") == body.count("{1:NUMERICAL:=") == len(hostile(text).questions)
    assert tags(body) <= {"p", "b", "i", "sub", "br", "h4"}
    first = items(one("qti", hostile(text)))[0]
    assert tags(first.findtext(".//{*}mattext")) <= {"p", "b", "i", "sub", "br"}


@pytest.mark.parametrize("source", [latex_source, typst_source])
def test_who_works_through_a_sheet_reads_of_no_grade_and_finds_its_key_by_the_seed(source):
    sheet = sheet_of(4, 7)
    for_students, key = source(sheet, keys=(False,)), source(sheet, keys=(True,))
    assert "Two units, tanh, three steps" in for_students
    assert "grade" not in for_students
    assert re.search(r"(footer|oddfoot).*seed 7", for_students)
    assert "grade 4, seed 7" in key
    entry = read_xml(one("moodle", sheet)).find("question[@type='cloze']")
    assert "grade 4, seed 7" in entry.findtext("name/text")
    assert "grade" not in entry.findtext("questiontext/text")


def tags(html):
    found = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.add(tag)
    parser.feed(html)
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_a_users_title_is_text_in_the_notebook(text):
    content = one("ipynb", hostile(text))
    first = cells(content, "markdown")[0].split("\n")[0]
    assert not re.search(r"[<>`*_\[\]$\\]", first)
    assert "script" not in "".join(cells(content, "code"))
