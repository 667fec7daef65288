"""Where the boxes of a graph stand on its canvas, by the pictures that are copied there."""

from typing import Any

from playwright.sync_api import Page

RIM = 9  # of a node's picture, around its box
WATCH = """() => {
  // Pictures of nodes are copied to whole pixels, between two changes of the transform.
  const { clearRect, drawImage, setTransform } = CanvasRenderingContext2D.prototype;
  const drawn = (window.drawnBoxes = new Map());
  let waiting = null;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    // All of a canvas is drawn anew: what stood there before, at another size, is gone.
    for (const [image, { of }] of drawn) if (of === this.canvas) drawn.delete(image);
    return clearRect.call(this, ...area);
  };
  CanvasRenderingContext2D.prototype.drawImage = function (image, ...place) {
    // The edges are one picture, as large as the canvas.
    if (this.canvas.closest(".ur-stage, .ur-autograd-stage") && image.width < this.canvas.width)
      waiting = { image, x: place[0], y: place[1] };
    return drawImage.call(this, image, ...place);
  };
  CanvasRenderingContext2D.prototype.setTransform = function (zoom, ...rest) {
    if (waiting && this.canvas.closest(".ur-stage, .ur-autograd-stage")) {
      drawn.set(waiting.image, { ...waiting, zoom, of: this.canvas });
      waiting = null;
    }
    return setTransform.call(this, zoom, ...rest);
  };
}"""
DRAW_ANEW = """() => {
  window.drawnBoxes.clear();
  document.fonts.dispatchEvent(new Event("loadingdone"));
}"""
BOXES = """() => [...window.drawnBoxes.values()].map(({ image, x, y, zoom, of }) => {
  const share = of.getBoundingClientRect().width / of.width; // of a pixel of the screen
  const rim = %d * zoom;
  return {
    left: (x + rim) * share, right: (x + image.width - rim) * share,
    top: (y + rim) * share, bottom: (y + image.height - rim) * share,
    width: of.width * share, height: of.height * share, scale: zoom * share,
  };
})"""


def watch(page: Page) -> None:
    """Take note of what is drawn from now on; the tab draws otherwise than others: close it."""
    page.evaluate(WATCH)


def boxes_on(page: Page) -> list[dict[str, float]]:
    """Return the boxes that are drawn, in pixels of the canvas, once no more come."""
    page.evaluate(DRAW_ANEW)
    page.wait_for_function("() => window.drawnBoxes.size > 4")
    before: list[Any] = []
    while (now := page.evaluate(BOXES % RIM)) != before:
        before = now
        page.wait_for_timeout(400)  # pictures that are still to be made come within this
    return now


def is_seen(box: dict[str, float]) -> bool:
    """Whether something of a box is in view."""
    across = box["right"] > 0 and box["left"] < box["width"]
    return across and box["bottom"] > 0 and box["top"] < box["height"]


def is_whole(box: dict[str, float]) -> bool:
    """Whether all of it is."""
    across = box["left"] >= 0 and box["right"] <= box["width"]
    return across and box["top"] >= 0 and box["bottom"] <= box["height"]
