// The text with the least contrast against the page: its ratio and its first letters.
() => {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const weights = [0.2126, 0.7152, 0.0722];
  const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part, place) => sum + weights[place] * linear(part / 255), 0);
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const ratio = (colour) => {
    const ink = light(colour);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  return [...document.querySelectorAll("main *, footer *, .kicker *")]
    .filter(hasText)
    .map((element) => [ratio(getComputedStyle(element)[element instanceof SVGElement ? "fill" : "color"]), element.textContent.slice(0, 30)])
    .sort((a, b) => a[0] - b[0])[0];
}
