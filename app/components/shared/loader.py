"""Register a component whose front end is an ES module served by the app."""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import streamlit as st

from app.components.shared.bundle import address
from app.figures.common import common

# The front ends have a URL of their own, so modules that several components import (the cursor) are
# one instance in the page. Python hands Streamlit only this loader: inline source runs from a
# `blob:` URL, where a relative import means nothing, hence `document.baseURI`. Data travel as JSON
# in bytes: Streamlit writes a dictionary twice, and first looks for a table in each of its entries.
LOADER = """
const url = new URL("{address}", document.baseURI).href;
const module = import(url).then(({{ view }}) => view("{package}", {common}));
export default (component) => {{
  const data = JSON.parse(new TextDecoder().decode(component.data));
  let stop;
  let stopped = false;
  module.then(
    (loaded) => {{ if (!stopped) stop = loaded.default({{ ...component, data }}); }},
    () => {{ component.parentElement.textContent = "This part did not load. Reload the page."; }},
  );
  return () => {{ stopped = true; stop?.(); }};
}};
"""


def component(package: str) -> Callable[..., None]:
    """Return what draws the component whose front end `shared/frontend/ui.js` knows by this name.

    It takes a `key`, by which alone it is told from others (`server.sparing` counts on that),
    `data`, of which JSON is made, and what else Streamlit takes (`default` and callbacks). The name
    is a constant of this code, never a user's text.
    """
    return partial(_draw, _registered(package))


def _draw(render: Callable[..., Any], *, key: str, data: Mapping[str, Any], **options: Any) -> None:
    render(key=key, data=json.dumps(data, separators=(",", ":")).encode(), **options)


@cache
def _registered(package: str) -> Callable[..., Any]:
    # At the first call, not at import: importing a view must work without Streamlit running.
    return st.components.v2.component(
        f"unrolled_{package}",
        html=f'<div class="ur-{package.replace("_", "-")}"></div>',
        js=LOADER.format(address=_front_ends(), package=package, common=json.dumps(common())),
        isolate_styles=False,
    )


@cache
def _front_ends() -> str:
    return address()  # which reads every module: once for all components
