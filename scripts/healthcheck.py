"""Whether the app in this container answers: exit code 0, or 1. Needs nothing but Python."""

import os
import sys
import urllib.request


def healthy(port: str, base_path: str = "") -> bool:
    """Whether the server on this machine's port says that it is well."""
    path = "/".join(part for part in (base_path.strip("/"), "_stcore/health") if part)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=4) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    well = healthy(
        os.environ.get("PORT") or "8501", os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    )
    sys.exit(0 if well else 1)
