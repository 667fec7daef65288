"""What pages may hold besides Markdown, for Sphinx: equations, and networks.

Equations are written in the reader's browser, by the KaTeX that comes with the app. A network is a
preset in a frame:

    ```{network} by_hand
    ```
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

from scripts.documentation import networks

SCRIPTS = ("katex.min.js", "equations.js", "offline.js")
OPTION = re.compile(r'(?<=<span class="pre)(?=">--?[\w.-]+</span>)')


class Network(Directive):  # type: ignore[misc]
    """A preset's page in a frame."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the frame."""
        depth = self.state.document.settings.env.docname.count("/")
        try:
            text = networks.embedded(self.arguments[0], f"{'../' * depth}_static")
        except ValueError as error:
            raise self.error(str(error)) from None
        return [nodes.raw("", text, format="html")]


def _inline(visitor: Any, node: Any) -> None:
    visitor.body.append(f'<span class="math">{escape(node.astext())}</span>')
    raise nodes.SkipNode


def _block(visitor: Any, node: Any) -> None:
    visitor.body.append(f'<div class="math">{escape(node.astext())}</div>')
    raise nodes.SkipNode


def _with_options(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Mark the options of commands, which a narrow line would part behind their hyphen."""
    if "body" in context:
        context["body"] = OPTION.sub(" option", context["body"])


def setup(app: Any) -> dict[str, Any]:
    """Add `katex` to the renderers of equations, and the directive `network`.

    Without a script the reader sees an equation's LaTeX.
    """
    app.add_directive("network", Network)
    app.add_html_math_renderer("katex", (_inline, None), (_block, None))
    app.add_css_file("katex.min.css")
    app.connect("html-page-context", _with_options)
    for script in SCRIPTS:
        app.add_js_file(script, loading_method="defer")
    return {"parallel_read_safe": True}
