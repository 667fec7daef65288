"""The runs of who looks at this page, and the secret in his address that finds them again."""

from app import state
from app.views.training.runs.visitor import VISITORS, Seat, Visitor

ADDRESS = "tr_run"


def visitor() -> Visitor:
    """Return this session's visitor; at first with the runs that the address stands for."""
    return state.kept_in_session("visitor", _arrive).visitor


def keep() -> None:
    """Put the secret into the address, which Streamlit empties when the page changes."""
    state.remember(ADDRESS, visitor().token if visitor().runs else "")


def _arrive() -> Seat:
    return VISITORS.arrive(state.remembered(ADDRESS))
