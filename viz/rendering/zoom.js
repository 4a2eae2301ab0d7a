// A drawing that can be brought closer: wheel, fingers, buttons, keys. Every page and every cell with a drawing has this
// script once; whatever comes after the first finds nothing left to do. There are no ids and no style but on what is here.
(() => {
  const enter = (frame) => {
    const image = frame.querySelector("img");
    if (image) {
      const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (letter) => letter.charCodeAt(0));
      const drawing = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
      image.replaceWith(document.importNode(drawing.documentElement, true));
    }
    const svg = frame.querySelector("svg"), whole = svg?.viewBox.baseVal;
    if (!whole?.width) return;
    const all = [whole.x, whole.y, whole.width, whole.height], fingers = new Map();
    let view = [...all];
    // Of the whole, a finger scrolls the page.
    const show = () => {
      svg.setAttribute("viewBox", view.map((x) => x.toFixed(2)).join(" "));
      svg.style.touchAction = view[2] < all[2] ? "none" : "pan-x pan-y";
    };
    // Never farther than the whole, never closer than a twentieth of it, never beyond its edges.
    const limited = (width) => Math.min(1, Math.max(0.05, width / all[2]));
    const settle = () => {
      const share = limited(view[2]);
      view[2] = all[2] * share; view[3] = all[3] * share;
      for (const i of [0, 1]) view[i] = Math.min(all[i] + all[i + 2] - view[i + 2], Math.max(all[i], view[i]));
      show();
    };
    const place = (x, y) => {
      const box = svg.getBoundingClientRect();
      return [view[0] + (x - box.left) / box.width * view[2], view[1] + (y - box.top) / box.height * view[3]];
    };
    const scale = (by, [x, y] = [view[0] + view[2] / 2, view[1] + view[3] / 2]) => {
      const share = limited(view[2] * by) * all[2] / view[2];
      view = [x - (x - view[0]) * share, y - (y - view[1]) * share, view[2] * share, view[3] * share];
      settle();
    };
    const move = (dx, dy) => { view[0] += dx; view[1] += dy; settle(); };
    const fit = () => { view = [...all]; show(); };
    // The wheel is the page's, unless with Ctrl, or where a click or a key has chosen the drawing.
    svg.addEventListener("wheel", (event) => {
      const ours = event.ctrlKey || event.metaKey || frame.matches(":focus-within");
      if (!ours || (!event.ctrlKey && event.deltaY > 0 && view[2] >= all[2])) return;
      event.preventDefault();
      event.stopPropagation();
      scale(Math.exp(Math.sign(event.deltaY) * 0.15), place(event.clientX, event.clientY));
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    svg.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const box = svg.getBoundingClientRect(), now = [event.clientX, event.clientY];
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      fingers.set(event.pointerId, now);
      if (other) {
        const far = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
        scale(far(before) / far(now), place((now[0] + other[0]) / 2, (now[1] + other[1]) / 2));
      } else {
        move((before[0] - now[0]) / box.width * view[2], (before[1] - now[1]) / box.height * view[3]);
      }
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => fingers.delete(event.pointerId));
    const closer = () => scale(0.8), farther = () => scale(1.25);
    const keys = {
      "+": closer, "=": closer, "-": farther, 0: fit, Escape: () => document.activeElement.blur(),
      ArrowLeft: () => move(-view[2] / 10, 0), ArrowRight: () => move(view[2] / 10, 0),
      ArrowUp: () => move(0, -view[3] / 10), ArrowDown: () => move(0, view[3] / 10),
    };
    // Notebooks have shortcuts of their own, some of which delete cells or restart the kernel.
    frame.dataset.lmSuppressShortcuts = "true";
    frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation();
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    const style = (element, text) => { element.style.cssText += text; return element; };
    const buttons = style(document.createElement("div"), "position:absolute;top:4px;right:4px;display:flex;gap:3px");
    const side = matchMedia("(pointer: coarse)").matches ? "40px" : "32px"; // a finger is broad
    const buttonsOf = { "+": ["closer", closer], "−": ["farther", farther], "⤢": ["all of it", fit] };
    for (const [sign, [name, act]] of Object.entries(buttonsOf)) {
      const button = document.createElement("button");
      style(button, `all:revert;width:${side};height:${side};padding:0;font:1rem sans-serif;border:1px solid #888;`
        + "border-radius:4px;background:#fffe;color:#222;cursor:pointer");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", name);
      if (sign === "+") button.title = "closer: also Ctrl and the wheel; after a click the wheel alone, + and − and arrows";
      button.addEventListener("click", act);
      buttons.append(button);
    }
    // Seen where a hand is near, so that they hide nothing and are not printed.
    const near = (is) => { buttons.style.opacity = is ? 1 : 0; };
    for (const event of ["pointerenter", "focusin"]) frame.addEventListener(event, () => near(true));
    frame.addEventListener("pointerleave", () => near(frame.matches(":focus-within")));
    frame.addEventListener("focusout", () => near(frame.matches(":hover")));
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", "The drawing. Plus and minus: closer and farther; arrows: move; 0: all of it; Escape: leave it.");
    style(frame, "position:relative;outline-offset:2px");
    style(svg, "display:block;margin:auto;cursor:grab");
    frame.append(buttons);
    near(false);
    show();
  };
  for (const frame of document.querySelectorAll(".scalar-autograd-zoom:not([tabindex])")) enter(frame);
})();
