"""A question bank for Moodle: a question with embedded answers ("Cloze") for each sheet.

After the documentation of Moodle's XML format and of its Cloze syntax: {1:NUMERICAL:=answer:error}.
"""

from collections.abc import Sequence
from xml.etree import ElementTree

from app.listings.worksheets import parts
from app.listings.worksheets.statement import entry_of, statement
from rnn_core.cells import Notation
from rnn_core.practice import TOLERANCE, Sheet

CATEGORY = "$course$/top/Back-propagation through time"
RESERVED = str.maketrans({each: f"&#{ord(each)};" for each in "{}~=\\"})
"""What would be syntax of Cloze in a text of HTML; the same as a character's number is not."""


def moodle(sheets: Sequence[Sheet], notation: Notation | None = None) -> bytes:
    """Return a bank with a question for each sheet."""
    quiz = ElementTree.Element("quiz")
    category = ElementTree.SubElement(quiz, "question", type="category")
    _text(ElementTree.SubElement(category, "category"), CATEGORY)
    for sheet in sheets:
        question = ElementTree.SubElement(quiz, "question", type="cloze")
        _text(ElementTree.SubElement(question, "name"), parts.entry_title(sheet))
        _text(
            ElementTree.SubElement(question, "questiontext", format="html"), _body(sheet, notation)
        )
        _text(ElementTree.SubElement(question, "generalfeedback", format="html"), "")
        ElementTree.SubElement(question, "penalty").text = "0.1"
        ElementTree.SubElement(question, "hidden").text = "0"
    ElementTree.indent(quiz)
    made: bytes = ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True)
    return made


def _text(parent: ElementTree.Element, text: str) -> None:
    made = ElementTree.SubElement(parent, "text")
    made.text = "".join(each if each.isprintable() or each == "\n" else " " for each in text)


def _body(sheet: Sheet, notation: Notation | None) -> str:
    found = statement(sheet, notation).translate(RESERVED)
    for block in parts.blocks_of(sheet, notation):
        found += f"<h4>{block.title}</h4>"
        for asked in block.asked:
            for place, text in enumerate(asked.texts):
                name = entry_of(asked, place, notation).translate(RESERVED)
                found += f"<p>{name} &#61; {_blank(float(text), text)}</p>"
    return found


def _blank(answer: float, text: str) -> str:
    """Return a field of Cloze; what is within the tolerance counts."""
    return f"{{1:NUMERICAL:={text}:{abs(answer) * TOLERANCE:.6g}}}"
