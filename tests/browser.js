// What tests/browser.py asks of a page; each answers with at most ten faults, in words.
({
  overflowing: (spacing) => {
    document.documentElement.style.letterSpacing = spacing;
    const width = document.documentElement.clientWidth;
    const scrolls = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== 'visible' && up.getBoundingClientRect().right <= width + 1)
          return true;
      return false;
    };
    const found = [];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.ownerSVGElement || !element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      if (!box.width || (box.right <= width + 1 && box.left >= -1)) continue;
      if (!scrolls(element)) found.push(
        `${element.tagName.toLowerCase()}.${element.className} reaches from ${Math.round(box.left)} to `
        + `${Math.round(box.right)} of ${width}: ${element.textContent.trim().slice(0, 40)}`);
    }
    if (!found.length && document.documentElement.scrollWidth > width)
      found.push(`the page is ${document.documentElement.scrollWidth} wide, its window ${width}`);
    document.documentElement.style.letterSpacing = '';
    return found.slice(0, 10);
  },

  faint: () => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const known = new Map();
    const colour = (text) => {
      if (!known.has(text)) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        known.set(text, [red, green, blue, alpha / 255]);
      }
      return known.get(text);
    };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const luminance = (of) => {
      const [r, g, b] = of.map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a, b) => {
      const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (high + 0.05) / (low + 0.05);
    };
    // Whatever a computed background image or paint names as a colour.
    const named = (text) => (text.match(/(?:rgba?|color|oklch|lab)\([^)]*\)|#[0-9a-f]{3,8}\b/gi) || []).map(colour);
    const white = [255, 255, 255, 1];

    // The grounds that may lie under an element of HTML: its own and its ancestors', down to an opaque one.
    const met = new Map();
    const grounds = (element) => {
      if (!element) return [white];
      if (met.has(element)) return met.get(element);
      const style = getComputedStyle(element);
      const image = style.backgroundImage === 'none' ? [] : named(style.backgroundImage);
      const own = colour(style.backgroundColor);
      const hidden = image.length && image.every((c) => c[3] === 1);
      const layer = [...image, ...(own[3] && !hidden ? [own] : [])];
      const opaque = layer.length && layer.every((c) => c[3] === 1);
      const below = opaque ? [white] : grounds(element.parentElement);
      const found = layer.length ? below.flatMap((under) => layer.map((top) => over(top, under))) : below;
      met.set(element, found);
      return found;
    };
    const faded = new Map();
    const opacity = (element) => {
      if (!element) return 1;
      if (!faded.has(element))
        faded.set(element, Number(getComputedStyle(element).opacity) * opacity(element.parentElement));
      return faded.get(element);
    };
    const paints = (shape) => {
      const fill = getComputedStyle(shape).fill;
      const pattern = fill.match(/url\("?#([^")]+)"?\)/);
      if (!pattern) return fill === 'none' ? [] : [colour(fill)];
      return [...document.getElementById(pattern[1]).querySelectorAll('*')].flatMap((part) => {
        const style = getComputedStyle(part);
        return [style.fill, style.stroke].filter((paint) => paint !== 'none').map(colour);
      });
    };
    // The shapes under the middle of a text of SVG, the last drawn first.
    const shapes = (text) => {
      const style = getComputedStyle(text);
      // A broad outline drawn under the letters is their ground.
      if (style.paintOrder.startsWith('stroke') && style.stroke !== 'none' && parseFloat(style.strokeWidth) >= 3)
        return [over(colour(style.stroke), white)];
      const box = text.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const under = [...text.ownerSVGElement.querySelectorAll('path,rect,circle,polygon,ellipse')].filter((shape) =>
        !shape.closest('pattern,defs,clipPath') && shape.checkVisibility()
        && shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING
        && shape.isPointInFill(new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse())));
      const painted = under.reverse().map(paints).find((colours) => colours.length);
      return painted ? painted.map((c) => over(c, white)) : grounds(text.ownerSVGElement);
    };

    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest('script,style,title,desc,option,noscript')) continue;
      if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
      if (!element.getBoundingClientRect().width) continue;
      const style = getComputedStyle(element);
      const drawn = Boolean(element.ownerSVGElement);
      const ink = [...colour(drawn ? style.fill : style.color)];
      ink[3] *= opacity(element);
      const size = parseFloat(style.fontSize);
      const enough = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      const worst = Math.min(...(drawn ? shapes(element) : grounds(element)).map((under) => ratio(over(ink, under), under)));
      if (worst < enough) found.push(
        `${worst.toFixed(2)} to 1 where ${enough} is wanted: ${element.tagName.toLowerCase()}`
        + `.${element.getAttribute('class') || ''} “${node.data.trim().slice(0, 40)}”`);
    }
    return found.slice(0, 10);
  },
})
