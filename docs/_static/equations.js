// Each element of the class math holds LaTeX, which KaTeX writes in its place.
for (const place of document.querySelectorAll(".math")) {
  katex.render(place.textContent, place, { displayMode: place.tagName === "DIV" });
}
