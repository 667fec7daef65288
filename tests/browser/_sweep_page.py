"""The section with the sweep alone, on a page of its own, with what the app's server adds."""

import pandas  # noqa: F401  # first, as in app/main.py

# isort: split
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    from app import state
    from app.views.gradient_flow.sections import sweep

    state.start()
    sweep.render(state.experiment())
else:
    import streamlit as st

    from app.server import options
    from app.server.asgi import middleware, routes

    app = st.App(__file__, routes=routes(), middleware=middleware(options.read([])))
