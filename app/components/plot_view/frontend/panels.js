/** Heat maps beside one another: none is narrower than its title. */

import { widthOf } from "./text_width.js";

const AIR = 10; // pixels between two titles

/**
 * Titles are notes over the left ends of their panels; where one has no room, its panel takes some
 * from the wider ones of its row.
 * @param {object} layout with its width; domains and places of titles are changed
 * @param {string} font of the page
 */
export function fitPanels(layout, font) {
  const room = layout.width - layout.margin.l - layout.margin.r;
  const panels = Object.entries(layout).filter(
    ([name, { domain }]) => /^xaxis/.test(name) && domain,
  );
  const rows = Object.groupBy(layout.annotations ?? [], ({ y }) => y);
  for (const titles of Object.values(rows)) {
    const row = titles.map((title) => ({
      title,
      axis: panels.find(
        ([name, { domain }]) =>
          domain[0] === title.x && layout[name.replace("x", "y")].domain[1] === title.y,
      )?.[1],
    }));
    if (titles.length > 1 && row.every(({ axis }) => axis)) widen(row, room, font);
  }
}

function widen(row, room, font) {
  const widths = row.map(({ axis }) => axis.domain[1] - axis.domain[0]);
  const end = row.at(-1).axis.domain[1];
  const gap = row[1].axis.domain[0] - row[0].axis.domain[1];
  const least = row.map(({ title }) => (widthOf(title.text, font) + AIR) / room - gap);
  const all = end - row[0].axis.domain[0] - gap * (row.length - 1);
  if (widths.every((width, i) => width >= least[i])) return;
  const needed = widths.map((width, i) => Math.max(0, least[i] - width));
  const spare = widths.map((width, i) => Math.max(0, width - least[i]));
  const [short, over] = [needed, spare].map((list) => list.reduce((sum, one) => sum + one, 0));
  const given = over > 0 ? Math.min(1, short / over) : 0;
  let at = row[0].axis.domain[0];
  const total = widths.reduce((sum, width, i) => sum + width + needed[i] - spare[i] * given, 0);
  row.forEach(({ title, axis }, i) => {
    const width = ((widths[i] + needed[i] - spare[i] * given) * all) / total;
    axis.domain = [at, Math.min(1, at + width)];
    title.x = at;
    at += width + gap;
  });
}
