"""Entry point, for `streamlit run app/main.py`.

Streamlit reads this file twice. Its script runner executes it as `__main__` at every rerun: that
draws the page. Its web server imports it once and takes `app`: that adds the static files and the
security headers which a script alone cannot have.
"""

import pandas  # noqa: F401  # first: many first visits at once meet a half-imported pandas otherwise

# isort: split
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Streamlit puts only this file's own folder on the path
    sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    from app.views.shell import run

    run()
else:
    import streamlit as st

    from app.server import options
    from app.server.asgi import lifespan, middleware, routes
    from app.views.training.runs.visitor import VISITORS

    try:
        chosen = options.read(sys.argv[1:])
    except ValueError as error:
        sys.exit(f"{error}.")
    app = st.App(
        __file__,
        lifespan=lifespan(VISITORS.let_go),
        routes=routes(),
        middleware=middleware(chosen),
    )
