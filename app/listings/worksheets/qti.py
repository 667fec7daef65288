"""A question bank as IMS QTI 1.2: a zip with a manifest and an assessment of numerical items.

After the IMS Question & Test Interoperability specification 1.2 (2002) and the IMS Content
Packaging specification 1.1; numbers between two bounds count, as Canvas reads and writes them.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from app.listings.worksheets import parts
from app.listings.worksheets.statement import entry_of, statement
from rnn_core.cells import Notation
from rnn_core.practice import TOLERANCE, Sheet

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
ASSESSMENT = "assessment.xml"
MANIFEST = "imsmanifest.xml"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of the files, so that the same sheets are the same bytes."""


def qti(sheets: Sequence[Sheet], notation: Notation | None = None) -> bytes:
    """Return a zip that holds an item for each number that is asked for, a section for a sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, root in ((MANIFEST, _manifest()), (ASSESSMENT, _assessment(sheets, notation))):
            ElementTree.indent(root)
            text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _manifest() -> Element:
    manifest = Element("manifest", identifier="worksheets", xmlns=PACKAGE)
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "IMS Content"
    SubElement(metadata, "schemaversion").text = "1.1.3"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    resource = SubElement(
        resources, "resource", identifier="assessment", type="imsqti_xmlv1p2", href=ASSESSMENT
    )
    SubElement(resource, "file", href=ASSESSMENT)
    return manifest


def _assessment(sheets: Sequence[Sheet], notation: Notation | None) -> Element:
    root = Element("questestinterop", xmlns=QTI)
    assessment = SubElement(
        root, "assessment", ident="worksheets", title="Back-propagation through time"
    )
    for sheet in sheets:
        name = parts.identifier(sheet)
        title = "".join(each if each.isprintable() else " " for each in parts.entry_title(sheet))
        section = SubElement(assessment, "section", ident=name, title=title)
        for number, item in enumerate(_items(sheet, notation), start=1):
            item.set("ident", f"{name}-{number}")
            item.set("title", f"{title} · {number}")
            section.append(item)
    return root


def _items(sheet: Sheet, notation: Notation | None) -> Iterator[Element]:
    given = statement(sheet, notation)
    for block in parts.blocks_of(sheet, notation):
        for asked in block.asked:
            for place, text in enumerate(asked.texts):
                yield _item(f"{given}<p>{entry_of(asked, place, notation)} = ?</p>", text)


def _item(html: str, text: str) -> Element:
    item = Element("item")
    metadata = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", "numerical_question"), ("points_possible", "1.0")):
        one = SubElement(metadata, "qtimetadatafield")
        SubElement(one, "fieldlabel").text = label
        SubElement(one, "fieldentry").text = entry
    presentation = SubElement(item, "presentation")
    material = SubElement(presentation, "material")
    SubElement(material, "mattext", texttype="text/html").text = "".join(
        each if each.isprintable() else " " for each in html
    )
    response = SubElement(presentation, "response_str", ident="response1", rcardinality="Single")
    SubElement(SubElement(response, "render_fib", fibtype="Decimal"), "response_label", ident="a")
    processing = SubElement(item, "resprocessing")
    SubElement(
        SubElement(processing, "outcomes"),
        "decvar",
        maxvalue="100",
        minvalue="0",
        varname="SCORE",
        vartype="Decimal",
    )
    condition = SubElement(processing, "respcondition", {"continue": "No"})
    either = SubElement(SubElement(condition, "conditionvar"), "or")
    SubElement(either, "varequal", respident="response1").text = text
    between = SubElement(either, "and")
    answer = float(text)
    low, high = sorted((answer * (1 - TOLERANCE), answer * (1 + TOLERANCE)))
    SubElement(between, "vargte", respident="response1").text = f"{low:.6g}"
    SubElement(between, "varlte", respident="response1").text = f"{high:.6g}"
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"
    return item
