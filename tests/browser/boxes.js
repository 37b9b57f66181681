// Texts of the page that overlap each other, or that are cut: a list of sentences, empty where all is well.
() => {
  const found = [];
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const named = (text) => JSON.stringify(text.textContent.trim().slice(0, 40));
  const wide = document.documentElement.clientWidth;
  const boxes = [];
  for (const text of document.querySelectorAll(".chart svg text")) {
    if (!text.textContent.trim() || !visible(text)) continue;
    const box = text.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.left < -0.5 || box.right > wide + 0.5) found.push(`cut by the page: ${named(text)} from ${box.left} to ${box.right}`);
    const chart = text.closest(".chart").getBoundingClientRect();
    if (box.top < chart.top - 1 || box.bottom > chart.bottom + 1) found.push(`outside of its chart: ${named(text)}`);
    boxes.push([text, box, text.closest(".chart")]);
  }
  // Two texts of one chart share no more than a hair.
  boxes.forEach(([text, a, chart], place) => {
    for (const [other, b, of] of boxes.slice(place + 1)) {
      if (chart !== of) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 3) found.push(`overlap in ${chart.dataset.chart}: ${named(text)} and ${named(other)}`);
    }
  });
  // Texts outside of charts: nothing is wider than its box, nothing leaves the page.
  for (const element of document.querySelectorAll("h1, h2, p, dt, dd, th, td, button, label, figcaption, caption, summary, select, a, li")) {
    if (!visible(element) || element.closest(".skip")) continue;
    const box = element.getBoundingClientRect();
    if (box.right < 0 || box.width === 0) continue; // kept out of sight for readers of another kind
    if (box.right > wide + 1 && !element.closest(".scroll")) found.push(`wider than the page: ${named(element)}`);
    if (getComputedStyle(element).overflow === "hidden" && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${named(element)}`);
  }
  const tiles = [...document.querySelectorAll(".tile, .programmes td, .programmes th, .switch label")].filter(visible).map((tile) => [tile, tile.getBoundingClientRect()]);
  tiles.forEach(([tile, a], place) => {
    const inner = [...tile.querySelectorAll("b, span")].map((part) => part.getBoundingClientRect());
    for (const part of inner) if (part.right > a.right + 1 || part.bottom > a.bottom + 1) found.push(`sticks out of its cell: ${named(tile)}`);
    const next = tiles[place + 1];
    if (next && Math.min(a.right, next[1].right) - Math.max(a.left, next[1].left) > 1 && Math.min(a.bottom, next[1].bottom) - Math.max(a.top, next[1].top) > 1) found.push(`cells overlap: ${named(tile)} and ${named(next[0])}`);
  });
  if (document.documentElement.scrollWidth > wide) found.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} over ${wide}`);
  return found;
}
