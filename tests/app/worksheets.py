"""Worksheets as their tests read them."""

import io
import json
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from xml.etree import ElementTree

from app.listings.worksheets import FORMATS
from rnn_core.practice import sheet_of, written

HOSTILE = [
    '"]#panic("x")',
    '$x$ #import "a" // \\ ` <script>alert(1)</script> & \' }',
    "{1:NUMERICAL:=5:0} ~ = # \\input{/etc/passwd} ^ _ % |",
    "]]><evil/> \x00\x1b 中文 \u202e ½",
]


def one(name, sheet):
    return next(FORMATS[name].files([sheet]))[1]


def read_xml(content):
    return ElementTree.fromstring(content)  # noqa: S314  # what was just written


def hostile(text, grade=2):
    return replace(sheet_of(grade, 1), grade=None, title=text)


def texts_of(sheet):
    pairs = zip(sheet.questions, sheet.answers, strict=True)
    return [written(answer, question.digits) for question, answer in pairs]


def items(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    root = read_xml(archive.read("assessment.xml"))
    return list(root.iter("{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}item"))


def cells(content, kind):
    return [c["source"] for c in json.loads(content)["cells"] if c["cell_type"] == kind]


def objects_of(pdf):
    """Return all objects of a PDF as text, those that are packed, too."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return b"\n".join(found)
