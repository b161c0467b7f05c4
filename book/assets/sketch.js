/* A curve that the reader draws before the figure shows the true one. The empty axes are copied from the figure's own
   picture, the truth is read from its data: nothing here is typed. By pointer the curve is drawn freely; by keyboard eleven
   points of it are moved, each a slider. Heights are shares of the axis, 0 at its lower end, 1 at its upper end. */
globalThis.Sketch = (() => {
  "use strict";
  const COLUMNS = 61, KNOT = 6;              // heights are kept at 61 places; every sixth can be moved by keyboard
  const SVG = "http://www.w3.org/2000/svg";
  const AROUND = { left: 84, top: 14, right: 16, bottom: 54 };   // of the frame, for ticks and their words

  function put(tag, attributes, parent) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    parent?.append(node);
    return node;
  }
  const at = (share, [low, high, log]) => log ? low * (high / low) ** share : low + (high - low) * share;
  const shareOf = (value, [low, high, log]) => log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  const brief = value => String(+value.toPrecision(2)).replace("-", "−");
  const exact = text => String(+(+text).toPrecision(3)).replace("-", "−");
  const place = value => Math.abs(value) < 10 ? brief(value) : String(Math.round(value));

  function frameOf(clip) {                   // the frame of the axes that a clip path cuts to
    const rect = document.getElementById(/#([^")]+)/.exec(clip)[1]).firstElementChild;
    const [left, top, width, height] = ["x", "y", "width", "height"].map(name => +rect.getAttribute(name));
    return { left, top, width, height };
  }

  return class Sketch {
    // wanted: the name of a series, the number of its panel, the preset at which it is true
    constructor(figure, wanted, curve) {
      Object.assign(this, { figure, wanted, curve: null, drawn: new Array(COLUMNS).fill(null) });
      if (curve) this.curve = this.drawn = curve;
      this.ready = figure.live.load().then(() => this.measure());
    }

    // where the series' axes are in each picture of the figure (there are two where one is for narrow screens)
    measure() {
      const { live } = this.figure, h = live.payload, data = JSON.parse(liveFigures.words(h, h.plan, live.shown));
      const [, axes, , [slot]] = data.s.find(([label, panel]) => label === this.wanted.series && panel === this.wanted.panel - 1);
      const limits = data.a[axes].slice(4);
      this.x = limits.slice(0, 3);
      this.y = limits.slice(3);
      const pictures = [...this.figure.querySelectorAll("svg.live-picture")], clipped = svg => [...svg.querySelectorAll("[clip-path]")];
      const which = clipped(pictures[0]).indexOf(this.figure.querySelector(`[data-s="${slot}"]`));
      this.frames = pictures.map(picture => {
        const clip = clipped(picture)[which].getAttribute("clip-path"), panels = new Set(clipped(picture).map(node => node.getAttribute("clip-path")));
        return { picture, clip, node: clipped(picture)[which], ...frameOf(clip), others: [...panels].filter(one => one !== clip).map(frameOf) };
      });
    }

    path({ left, top, width, height }) {
      const points = this.drawn.map((share, i) => share === null ? null : [left + width * i / (COLUMNS - 1), top + height * (1 - share)]);
      return points.map((p, i) => p && (points[i - 1] ? "L" : "M") + p.map(x => x.toFixed(1)).join(" ")).filter(Boolean).join("");
    }

    // ---- the empty axes, to draw on
    board(done) {
      const frame = this.frames.find(({ picture }) => getComputedStyle(picture).display !== "none") || this.frames[0];
      const { left, top, width, height } = frame;
      const space = Math.min(left, AROUND.left), wide = width + space + AROUND.right;
      const svg = put("svg", { class: "sketch", viewBox: [left - space, top - AROUND.top, wide, height + AROUND.top + AROUND.bottom].join(" ") });
      const words = this.copyAxes(frame, svg);
      this.names = { x: words.x || "the horizontal axis", y: words.y || "the vertical axis" };
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", `Empty axes, ${this.names.y} against ${this.names.x}, for your curve`);
      put("rect", { class: "sketch-field", x: left, y: top, width, height }, svg);
      this.hint = put("text", { class: "sketch-hint", x: left + width / 2, y: top + height / 2, "text-anchor": "middle" }, svg);
      this.hint.textContent = "draw your curve here";
      this.line = put("path", { class: "sketch-line" }, svg);
      this.knots = [];
      for (let i = 0; i < COLUMNS; i += KNOT) this.knots.push(put("circle", { class: "sketch-knot", r: 5, cx: left + width * i / (COLUMNS - 1) }, svg));
      Object.assign(this, { svg, frame });
      this.listen(svg.querySelector(".sketch-field"));
      const box = document.createElement("div"), pad = document.createElement("div"), buttons = document.createElement("p");
      box.className = "sketch-board";
      pad.className = "sketch-pad";
      pad.style.maxWidth = 1.3 * wide + "px";
      for (const [text, press] of [["That’s my curve", done], ["clear", () => this.clear()]]) buttons.append(Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: press }), " ");
      buttons.append("Draw from one end to the other; or move its points with Tab and the arrow keys.");
      pad.append(svg, this.sliders());
      box.append(pad, buttons);
      this.refresh();
      return box;
    }

    // ticks, their words and the axes' names: what lies below or beside the frame and is not of another panel
    copyAxes({ picture, left, top, width, height, others }, svg) {
      const scale = picture.getScreenCTM().inverse(), words = {};
      for (const node of picture.children) {
        if (node.hasAttribute("clip-path") || node.hasAttribute("data-b") || node.classList.contains("live-grab")) continue;
        const box = node.getBoundingClientRect(), { x, y } = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(scale);
        const below = y > top + height - 2 && y < top + height + AROUND.bottom && x > left - 20 && x < left + width + 20;
        const beside = x < left + 2 && x > left - AROUND.left && y > top - 10 && y < top + height + 10;
        if (!below && !beside) continue;
        if (others.some(o => x > o.left - 2 && x < o.left + o.width + 2 && y > o.top - 2 && y < o.top + o.height + 2)) continue;
        svg.append(node.cloneNode(true));
        const text = node.tagName === "text" && node.textContent.replace(/\u200b/g, "");
        if (text && beside && /rotate/.test(node.getAttribute("transform"))) words.y = text;
        if (text && below && (!words.low || y > words.low + 2)) { words.low = y; words.x = text; }
      }
      return words;
    }

    listen(field) {
      let last = null;
      const spot = event => {
        const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse()), { left, top, width, height } = this.frame;
        const within = share => Math.min(1, Math.max(0, share));
        return [Math.round(within((x - left) / width) * (COLUMNS - 1)), within(1 - (y - top) / height)];
      };
      field.onpointerdown = event => {
        if (event.button) return;
        event.preventDefault();
        field.setPointerCapture(event.pointerId);
        last = spot(event);
        this.join(last, last);
      };
      field.onpointermove = event => {
        if (!last) return;
        for (const one of event.getCoalescedEvents?.() || []) { const here = spot(one); this.join(last, here); last = here; }
        const here = spot(event);
        this.join(last, here);
        last = here;
      };
      field.onpointerup = field.onpointercancel = () => { last = null; };
    }

    // the curve goes straight from one place to another
    join([i, a], [j, b]) {
      const step = Math.sign(j - i);
      for (let k = i; ; k += step) {
        this.drawn[k] = i === j ? b : a + (b - a) * (k - i) / (j - i);
        if (k === j) break;
      }
      this.refresh();
    }

    sliders() {
      const set = document.createElement("fieldset"), legend = document.createElement("legend");
      set.className = "sketch-points";
      legend.textContent = "Points of your curve";
      set.append(legend);
      this.inputs = this.knots.map((knot, k) => {
        const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, value: 50 });
        input.setAttribute("aria-label", `${this.names.y} at ${this.names.x} = ${place(at(k * KNOT / (COLUMNS - 1), this.x))}`);
        input.oninput = () => this.move(k, input.value / 100);
        input.onfocus = () => knot.classList.add("focused");
        input.onblur = () => knot.classList.remove("focused");
        input.style.left = this.within(+knot.getAttribute("cx"), "x", "width");
        set.append(input);
        return input;
      });
      return set;
    }

    // where the sliders are, each about its point: a share of the drawing
    within(value, start, size) {
      const box = this.svg.viewBox.baseVal;
      return 100 * (value - box[start]) / box[size] + "%";
    }

    // one point moves, its neighbours stay; the first that moves makes a level curve
    move(k, share) {
      const i = k * KNOT;
      if (this.drawn.every(x => x === null)) this.drawn.fill(share);
      this.complete();
      if (i > 0) this.join([i - KNOT, this.drawn[i - KNOT]], [i, share]);
      if (i < COLUMNS - 1) this.join([i, share], [i + KNOT, this.drawn[i + KNOT]]);
    }

    refresh() {
      const { top, height } = this.frame, empty = this.drawn.every(x => x === null);
      this.svg.classList.toggle("sketch-empty", empty);
      this.line.setAttribute("d", this.path(this.frame));
      this.knots.forEach((knot, k) => {
        const share = this.drawn[k * KNOT] ?? .5, input = this.inputs?.[k];
        knot.setAttribute("cy", top + height * (1 - share));
        if (!input) return;
        input.style.top = this.within(top + height * (1 - share), "y", "height");
        input.value = Math.round(100 * share);
        input.setAttribute("aria-valuetext", this.drawn[k * KNOT] === null ? "not drawn" : brief(at(share, this.y)));
      });
    }

    clear() {
      this.drawn.fill(null);
      this.refresh();
    }

    // drawn over half of the axis or more; what is missing is filled in, level at the ends
    isDrawn() {
      if (this.curve) return true;
      if (this.drawn.filter(x => x !== null).length < COLUMNS / 2) return false;
      this.complete();
      this.curve = this.drawn.map(x => Math.round(1000 * x) / 1000);
      return true;
    }

    complete() {
      const known = this.drawn.flatMap((x, i) => x === null ? [] : [i]);
      this.drawn = this.drawn.map((x, i) => {
        if (x !== null) return x;
        const before = known.findLast(k => k < i), after = known.find(k => k > i);
        if (before === undefined || after === undefined) return this.drawn[before ?? after];
        return this.drawn[before] + (this.drawn[after] - this.drawn[before]) * (i - before) / (after - before);
      });
    }

    // ---- the truth: the figure goes to the preset, the reader's curve is laid over it
    async compare() {
      await this.ready;
      const { live } = this.figure, preset = [...this.figure.querySelectorAll("[data-p]")].find(b => b.textContent === this.wanted.preset);
      if (preset) live.go(preset.dataset.p.split(",").map((x, k) => x ? +x : live.state()[k]), 1);
      await this.overlay();
      this.marks.push(...this.frames.map(frame => this.truth(frame)));
      let worst = { off: -1 };
      for (const [, x, y] of live.rows((label, axes) => label === this.wanted.series && axes === this.wanted.panel - 1)) {
        if (isNaN(x) || isNaN(y)) continue;      // off the scale
        const far = shareOf(+x, this.x) * (COLUMNS - 1), i = Math.min(COLUMNS - 2, Math.max(0, Math.floor(far)));
        const mine = this.curve[i] + (this.curve[i + 1] - this.curve[i]) * Math.min(1, Math.max(0, far - i)), off = Math.abs(mine - shareOf(+y, this.y));
        if (off > worst.off) worst = { off, x, y, mine };
      }
      if (worst.off < 0) return "";
      const where = `${this.names.x} = ${place(+worst.x)}`, start = worst.off < .1 ? "Your curve is close everywhere: furthest off" : "Your curve is furthest off";
      return `${start} at ${where}, where you drew ${brief(at(worst.mine, this.y))} and the ${this.names.y} is ${exact(worst.y)}.`;
    }

    async overlay() {
      await this.ready;
      this.remove();
      this.marks = this.frames.map(frame => put("path", { class: "sketch-line", d: this.path(frame), "clip-path": frame.clip, "aria-hidden": true }, frame.picture));
      this.key = Object.assign(document.createElement("p"), { className: "sketch-key", textContent: "your curve" });
      this.figure.querySelector(".live-readout").before(this.key);
    }

    // the true curve as it is now, which stays when the figure moves on
    truth({ node }) {
      const copy = node.cloneNode();
      for (const name of ["data-b", "data-s", "data-grab"]) copy.removeAttribute(name);
      copy.setAttribute("aria-hidden", true);
      copy.classList.add("sketch-truth");
      node.before(copy);
      return copy;
    }

    remove() {
      this.marks?.forEach(mark => mark.remove());
      this.key?.remove();
    }
  };
})();
