"""Shades where a graph goes on beyond an edge, and letters that are cut by none."""

from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, expect

OpenPage = Callable[..., Page]
PHONE: ViewportSize = {"width": 390, "height": 844}


def test_a_shade_says_at_which_edges_the_graph_goes_on(open_page: OpenPage) -> None:
    page = open_page("?at=end", viewport=PHONE)
    shade = page.locator(".ur-canvas .ur-beyond")
    expect(shade).to_have_attribute("data-sides", "left bottom")
    page.get_by_role("button", name="Fit the whole graph").click()
    expect(shade).to_have_attribute("data-sides", "")
    for _ in range(9):
        page.get_by_role("button", name="Zoom in").click()
    expect(shade).to_have_attribute("data-sides", "left right top bottom")


DRAWN = """async () => {
  const of = (file) =>
    new URL(`ui/components/graph_view/frontend/${file}.js`, document.baseURI).href;
  const { drawFromAfar } = await import(of("afar"));
  await document.fonts.load("40px KaTeX_Main");
  await document.fonts.load("italic 40px KaTeX_Math");
  const context = document.createElement("canvas").getContext("2d");
  let extent;
  context.fillText = (text, x, y) => {
    const size = context.measureText(text);
    const [top, bottom] = [y - size.actualBoundingBoxAscent, y + size.actualBoundingBoxDescent];
    extent = [Math.min(extent[0], top), Math.max(extent[1], bottom)];
  };
  const frames = [];
  context.strokeRect = (x, y) => frames.push(y);
  const theme = { text: "black", line: "grey" };
  const found = [];
  for (const latex of ["b_{y}", "W_{hy}", "\\hat{y}_{3}", "x_{1}", "W_{hh}\\,h_{2}", "L"])
    for (const height of [34, 40, 70]) {
      extent = [Infinity, -Infinity];
      const box = { left: 0, top: 0, width: 60, height, rows: 1, columns: 1, body: height };
      drawFromAfar(context, box, { latex, theme, numbers: null });
      found.push({ latex, height, top: extent[0], bottom: extent[1], colours: frames.at(-1) });
    }
  return found;
}"""


def test_letters_seen_from_afar_stay_between_their_box_and_its_colours(
    open_page: OpenPage,
) -> None:
    drawn = open_page(unpacked=True).evaluate(DRAWN)
    assert len(drawn) == 18
    for each in drawn:
        assert 0 < each["top"] < each["bottom"] < each["colours"], each
        assert each["bottom"] - each["top"] > 0.2 * each["height"], each  # and can be read
