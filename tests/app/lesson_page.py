"""The app as a lesson is read and written in it."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

MAIN = str(ROOT / "app" / "main.py")
PATIENCE_S = 90


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=PATIENCE_S)
    for name, text in parameters.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def address(app: AppTest, name: str) -> str:
    found = app.query_params[name]
    return found if isinstance(found, str) else found[0]


def titles(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def shown(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def lessons_page() -> AppTest:
    app = AppTest.from_string(
        "from app import state\n"
        "from app.views.lessons import following, page\n"
        "state.start()\n"
        "following.begin()\n"
        "page.render()\n",
        default_timeout=PATIENCE_S,
    )
    return app.run()


def field_of(app: AppTest, label: str) -> Any:
    return next(each for each in (*app.text_input, *app.text_area) if each.label == label)
