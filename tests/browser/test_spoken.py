"""What a scene's text has numbers of is in the picture of a show, also on a small projector."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.views.lessons import live, prose
from app.views.lessons.built import lessons

SMALL_PROJECTOR = {"width": 1024, "height": 768}
LETTERS = 15  # pixels of numbers, where the scale is 1
KEEP_VIEWER = """async () => {
  const all = performance.getEntriesByType("resource").map(({ name }) => name);
  const own = all.find((name) => name.includes("/graph_view/frontend/viewer.js"));
  const { Viewer } = await import(own);
  const { speak } = Viewer.prototype;
  Viewer.prototype.speak = function (...spoken) {
    window.viewer = this;
    return speak.apply(this, spoken);
  };
}"""
OUT_OF_VIEW = """(mentions) => {
  const { viewer } = window;
  const { width, height } = document.querySelector(".ur-stage").getBoundingClientRect();
  const isMeant = (node, [name, [step, unit], use]) => {
    if (node.parameter === name) return node.t === use || use === null;
    if (node.quantity !== name) return false;
    const isAt = (is, said) => is === null || is === (said ?? is);
    return isAt(node.t, step) && isAt(node.unit, unit);
  };
  const isOut = (node) => {
    const box = viewer.boxOnScreen(node);
    const [across, down] = [box.width / 2 - 1, box.height / 2 - 1];
    const isBeside = box.x < across || box.x + across > width;
    return isBeside || box.y - down < viewer.hooks.legendHeight() || box.y + down > height;
  };
  const meant = mentions.map((one) => viewer.model.nodes.filter((node) => isMeant(node, one)));
  const out = meant.flat().filter(isOut);
  return { found: meant.map(({ length }) => length), out: out.map(({ id }) => id) };
}"""


@pytest.mark.parametrize(
    ("name", "number", "letters"), [("backward", 7, 17), ("tour", 3, 12), ("forward", 2, 17)]
)
def test_the_numbers_of_a_scene_are_in_its_picture(
    open_page: Callable[..., Page], name: str, number: int, letters: int
) -> None:
    scene = lessons()[name].scenes[number - 1]
    words = " ".join((scene.text, scene.ask, scene.answer))
    spoken = live.mentions(" ".join(f"{{{each}}}" for each in prose.numbers_in(words)))
    page = open_page(
        f"?lesson={name}&scene={number - 1}&present=1",
        first_visit=True,
        viewport=SMALL_PROJECTOR,
        unpacked=True,
    )
    page.evaluate(KEEP_VIEWER)
    page.keyboard.press("PageDown")
    expect(page.locator(".st-key-lesson h2")).to_have_text(scene.title)
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", scene.at)
    page.wait_for_function("() => window.viewer")
    seen = page.evaluate(OUT_OF_VIEW, spoken)
    assert all(seen["found"])
    assert not seen["out"]
    assert page.evaluate("window.viewer.canvas.camera().scale") * LETTERS >= letters
