"""Register a component whose front end is an ES module served by the app."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

# The real module has a URL of its own, so modules that several components import (the cursor) are
# one instance in the page. Python hands Streamlit only this loader: inline source runs from a
# `blob:` URL, where a relative import means nothing, hence `document.baseURI`.
LOADER = """
const url = new URL("ui/{package}/{module}", document.baseURI).href;
const module = import(url);
export default (component) => {{
  let stop;
  let stopped = false;
  module.then(
    (loaded) => {{ if (!stopped) stop = loaded.default(component); }},
    () => {{ component.parentElement.textContent = "This part did not load. Reload the page."; }},
  );
  return () => {{ stopped = true; stop?.(); }};
}};
"""


@cache
def component(package: str, module: str) -> Callable[..., Any]:
    """Return the renderer of the component in `app/<package>/frontend/<module>`.

    Registered at the first call, not at import: importing a view must work without Streamlit
    running. Both names are constants of this code, never a user's text.
    """
    return st.components.v2.component(
        f"unrolled_{package}",
        html=f'<div class="ur-{package.replace("_", "-")}"></div>',
        js=LOADER.format(package=package, module=module),
        isolate_styles=False,
    )
