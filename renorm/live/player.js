/* The player of live figures. No dependencies.

   matplotlib drew every state while the book was built; the page holds the default state as SVG and a payload of what
   changes (its format: renorm/live/encode.py). The player sets path data, positions, texts and colours of the nodes
   that depend on the slider that moved. Lines glide to the new state and come to rest on computed states only. */
(root => {
  "use strict";
  const GONE = -32768;   // a number that this state does not have
  const FAR = 3199;      // pixels: farther points were moved in, their values are unknown
  const GLIDE = 90;      // ms
  const NEAR = "400px";  // a figure is unpacked when it comes this close to the window
  const LOOKS = "fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin clip-path".split(" ");
  const calm = () => root.matchMedia("(prefers-reduced-motion: reduce)").matches;

  // ---- the payload
  async function inflate(base64) {
    const packed = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  function decode(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const h = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    let at = 4 + length;
    const integers = (shape, flags) => {        // planes of zigzag differences -> int16
      const n = shape.reduce((a, b) => a * b, 1), out = new Int16Array(n);
      if (at + 2 * n > bytes.length) throw Error("the payload is too short");
      for (let i = 0; i < n; i++) {
        const u = bytes[at + i] | bytes[at + n + i] << 8;
        out[i] = (u >>> 1) ^ -(u & 1);
      }
      at += 2 * n;
      for (let k = shape.length - 1, stride = 1; k >= 0; stride *= shape[k--])
        if (flags >> k & 1)
          for (let block = shape[k] * stride, s = 0; s < n; s += block)
            for (let i = s + stride; i < s + block; i++) out[i] += out[i - stride];
      return out;
    };
    h.place = integers([h.n], 1);
    h.size = 0;
    const owner = [];                           // which sliders a number depends on
    h.g = h.g.map(([mask, width, flags]) => {
      for (let i = 0; i < width; i++) owner.push(mask);
      h.size += width;
      return { mask, width, data: integers(h.d.filter((_, k) => mask >> k & 1).concat(width), flags) };
    });
    for (const p of h.p) {
      p.moves = p.says = 0;                     // sliders that change its numbers, its words and looks
      for (let i = 0; i < (p.n || 0); i++) p.moves |= owner[h.place[p.o + i]];
      for (const channel of [...p.s || [], ...p.a || []]) p.says |= channel[0];
      if (p.k === "p" && p.n) p.c = p.c ? p.c.replace(/([A-Z])(\d+)/g, (_, c, n) => c.repeat(n)) : "M" + "L".repeat(p.n / 2 - 1);
    }
    return h;
  }

  const row = (h, mask, state) => {
    let r = 0;
    for (let k = 0; k < h.d.length; k++) if (mask >> k & 1) r = r * h.d[k] + state[k];
    return r;
  };
  const words = (h, channels, state) => channels.map(([mask, texts, index]) => {
    const r = row(h, mask, state);
    return texts[index ? index[r] : r];
  }).join("");
  function numbers(h, state) {
    const out = new Float64Array(h.size);
    let o = 0;
    for (const g of h.g) {
      const start = row(h, g.mask, state) * g.width;
      for (let i = 0; i < g.width; i++) out[o++] = g.data[start + i];
    }
    return out;
  }

  function pathData(h, p, v) {
    const { q, place } = h;
    let d = "", i = p.o;
    if (p.k === "m") {
      for (const end = p.o + p.n; i < end; i += 2) {
        const x = v[place[i]], y = v[place[i + 1]];
        if (x !== GONE && y !== GONE) d += "M" + x / q + " " + y / q + p.c;
      }
      return d;
    }
    for (let k = 0, broken = false, drawn = false; k < p.c.length;) {
      let letter = p.c[k];
      if (letter === "Z") {
        if (drawn && v[place[i]] !== GONE) d += "Z";
        drawn = false; i += 2; k++;
        continue;
      }
      const points = letter === "C" ? 3 : letter === "Q" ? 2 : 1;
      let text = "", gone = false;
      for (let j = 0; j < points; j++, i += 2) {
        const x = v[place[i]], y = v[place[i + 1]];
        gone = gone || x === GONE || y === GONE;
        text += (j ? " " : "") + x / q + " " + y / q;
      }
      if (gone) { broken = true; if (letter === "M") drawn = false; }
      else { d += (broken && letter === "L" ? "M" : letter) + text; broken = false; drawn = true; }
      k += points;                              // letters repeat once per vertex, as in matplotlib
    }
    return d;
  }

  // ---- one figure
  class LiveFigure {
    constructor(figure) {
      const all = s => [...figure.querySelectorAll(s)], one = s => figure.querySelector(s);
      Object.assign(this, { figure, one, nodes: [], timer: 0, frame: 0, glide: null });
      this.inputs = all(".live-row [data-v]");
      all("[data-b]").forEach(e => { this.nodes[e.dataset.b] = e; });
      this.texts = this.inputs.map(e => e.dataset.t.split("\n"));
      this.values = this.inputs.map(e => e.dataset.v.split("\n"));
      this.initial = this.inputs.map(e => +e.dataset.d);
      this.shown = this.initial;
      this.inputs.forEach((e, k) => e.addEventListener("input", () => { this.stop(); this.label(k); this.changed(); }));
      all("[data-p]").forEach(b => b.addEventListener("click", () => { this.stop(); this.go(b.dataset.p.split(",").map((x, k) => x ? +x : this.state()[k])); }));
      one(".live-play").addEventListener("click", () => this.timer ? this.stop() : this.play());
      one(".live-link").addEventListener("click", () => this.copyLink());
      one(".live-data").addEventListener("toggle", () => this.table());
      one(".live-controls").disabled = false;
      this.inputs.forEach((_, k) => this.label(k));
      root.addEventListener("beforeprint", () => { this.kept = this.state(); this.go(this.initial, true); });
      root.addEventListener("afterprint", () => this.go(this.kept, true));
      new IntersectionObserver((seen, observer) => {
        if (seen.some(e => e.isIntersecting)) { observer.disconnect(); this.load(); }
      }, { rootMargin: NEAR }).observe(figure);
    }

    load() {
      return this.loading ||= inflate(this.one(".live-payload").textContent).then(bytes => {
        const h = decode(bytes);
        if (h.p.length !== this.nodes.length || h.d.length !== this.inputs.length) throw Error("the payload is another figure's");
        this.now = numbers(h, this.shown);
        this.h = h;
        this.figure.dataset.ready = 1;
        performance.mark("live-ready");
      }).catch(error => this.fail(error));
    }

    fail(error) {
      this.stop();
      this.one(".live-controls").disabled = true;
      this.one(".live-data").hidden = true;
      const note = this.one(".live-problem");
      note.hidden = false;
      note.textContent = "The sliders of this figure do not work: its data could not be read (" + error.message + "). The picture shows the default values.";
    }

    // the place of each control on its grid
    state() { return this.inputs.map(e => e.type === "checkbox" ? +e.checked : +e.value); }

    label(k) {
      const e = this.inputs[k], text = this.texts[k][this.state()[k]];
      if (e.type !== "range") return;
      e.setAttribute("aria-valuetext", text);
      e.nextElementSibling.textContent = text;
    }

    go(state, atOnce) {
      state.forEach((x, k) => {
        const e = this.inputs[k];
        if (e.type === "checkbox") e.checked = !!x; else e.value = x;
        this.label(k);
      });
      if (atOnce && this.h) this.step(performance.now(), 0); else this.changed();
    }

    changed() {
      this.load().then(() => { if (this.h && !this.frame) this.frame = requestAnimationFrame(t => this.step(t, calm() ? 0 : GLIDE)); });
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.rested(), 400);
    }

    step(now, duration) {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const { h } = this, to = this.state();
      const moved = to.reduce((m, x, k) => x === this.shown[k] ? m : m | 1 << k, 0);
      if (moved) {                              // words change at once, lines glide
        const target = numbers(h, to);
        this.shown = to;
        this.say(moved);
        this.one(".live-readout").textContent = words(h, h.t, to);
        this.glide = { from: this.now, to: target, start: now, duration, moved: moved | (this.glide ? this.glide.moved : 0) };
      }
      const glide = this.glide;
      if (!glide) return;
      const f = glide.duration && duration ? Math.min(1, Math.max(0, (now - glide.start) / glide.duration)) : 1;
      this.now = f === 1 ? glide.to : glide.from.map((a, i) => {
        const b = glide.to[i];
        return a === GONE || b === GONE ? b : Math.round(a + (b - a) * f);
      });
      this.draw(glide.moved, f < 1);
      if (f < 1) this.frame = requestAnimationFrame(t => this.step(t, duration));
      else { this.glide = null; this.figure.dataset.state = this.shown; }
    }

    draw(moved, between) {
      const { h, now: v } = this;
      h.p.forEach((p, j) => {
        if (!(p.moves & moved) || between && p.z) return;
        const node = this.nodes[j];
        if (p.k === "p" || p.k === "m") { node.setAttribute("d", pathData(h, p, v)); return; }
        const x = v[h.place[p.o]], y = v[h.place[p.o + 1]];
        node.style.display = x === GONE ? "none" : "";
        if (p.k === "i") { node.setAttribute("x", x / h.q); node.setAttribute("y", y / h.q); }
        else node.setAttribute("transform", "translate(" + x / h.q + "," + y / h.q + ")" + (p.c ? " rotate(" + p.c + ")" : ""));
      });
    }

    say(moved) {
      const { h } = this;
      h.p.forEach((p, j) => {
        if (!(p.says & moved)) return;
        const node = this.nodes[j];
        if (p.s) { const text = words(h, p.s, this.shown); if (p.k === "i") node.setAttribute("href", text); else node.innerHTML = text; }
        if (p.a) {
          const look = Object.fromEntries([...words(h, p.a, this.shown).matchAll(/ ([\w-]+)="([^"]*)"/g)].map(m => [m[1], m[2]]));
          for (const name of LOOKS) name in look ? node.setAttribute(name, look[name]) : node.removeAttribute(name);
        }
      });
    }

    // after the last move: what a screen reader hears, and the open table
    rested() {
      if (!this.h) return;
      this.one(".live-status").textContent = this.one(".live-readout").textContent;
      this.table();
    }

    // ---- play: the sweep's slider from its place, or from the start, to the end
    play() {
      const e = this.inputs[this.figure.dataset.sweep], button = this.one(".live-play"), last = this.texts[this.figure.dataset.sweep].length - 1;
      const at = () => this.state()[this.figure.dataset.sweep];
      const put = x => { const s = this.state(); s[this.figure.dataset.sweep] = x; this.go(s); };
      if (at() === last) put(0);
      button.textContent = "❚❚ pause";
      this.timer = setInterval(() => { at() < last ? put(at() + 1) : this.stop(); }, calm() ? 900 : Math.max(110, Math.min(500, 6000 / last)));
      e.scrollIntoView({ block: "nearest" });
    }

    stop() {
      clearInterval(this.timer);
      this.timer = 0;
      this.one(".live-play").textContent = "▶ play";
    }

    // ---- links: page.html#name?n=200&ridge=0.01
    query() { return this.inputs.map((e, k) => e.name + "=" + encodeURIComponent(this.values[k][this.state()[k]])).join("&"); }

    copyLink() {
      const url = location.href.split("#")[0] + "#" + this.figure.id + "?" + this.query();
      try { history.replaceState(null, "", url); } catch { location.hash = url.split("#")[1]; }
      const say = text => { this.one(".live-status").textContent = text; this.one(".live-link").textContent = text; setTimeout(() => { this.one(".live-link").textContent = "copy link"; }, 2000); };
      const put = navigator.clipboard ? navigator.clipboard.writeText(url) : Promise.reject();
      put.then(() => say("link copied"), () => say("link is in the address bar"));
    }

    open(query) {
      const wanted = new URLSearchParams(query), state = this.state();
      this.inputs.forEach((e, k) => {
        const text = wanted.get(e.name), values = this.values[k];
        if (text === null) return;
        const exact = values.indexOf(text), x = parseFloat(text);
        if (exact >= 0) state[k] = exact;
        else if (isFinite(x) && e.type === "range") values.forEach((v, i) => { if (Math.abs(v - x) < Math.abs(values[state[k]] - x)) state[k] = i; });
      });
      this.go(state);
      this.figure.scrollIntoView();
    }

    // ---- the numbers of the current state, read from the drawing, in data coordinates, to what its pixels resolve
    rows() {
      const data = JSON.parse(words(this.h, this.h.m, this.shown)), svg = this.one("svg");
      const points = slot => [...svg.querySelectorAll('[data-s="' + slot + '"]')].flatMap(e => [...e.getAttribute("d").matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(m => [+m[1], +m[2]]));
      return data.s.flatMap(([label, axes, kind, slots]) => {
        const [left, top, width, height, x0, x1, logX, y0, y1, logY] = data.a[axes];
        if (logX > 1 || logY > 1) return [];
        const read = (lo, hi, log, size) => pixels => {
          if (Math.abs(pixels) > FAR) return "off the scale";
          const f = pixels / size, unit = .1 / size;
          if (log) return String(+(lo * (hi / lo) ** f).toPrecision(Math.max(1, Math.ceil(-Math.log10(Math.abs(Math.log(hi / lo)) * unit)))));
          return String(+(lo + (hi - lo) * f).toFixed(Math.max(0, Math.ceil(-Math.log10(Math.abs(hi - lo) * unit)))));
        };
        const X = read(x0, x1, logX, width), Y = read(y0, y1, logY, height);
        const x = p => X(p[0] - left), y = p => Y(top + height - p[1]), middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
        const p = points(slots[0]), out = [];
        if (kind === "d") p.forEach(a => out.push([label, x(a), y(a), "", ""]));
        if (kind === "e") { const bar = points(slots[1]); p.forEach((a, i) => { const ends = [bar[2 * i], bar[2 * i + 1]].sort((a, b) => b[1] - a[1]); out.push([label, x(a), y(a), ...ends.map(b => b ? y(b) : "")]); }); }
        if (kind === "b" || kind === "h") for (let i = 0; i + 3 < p.length; i += 4) { const m = middle(p[i], p[i + 2]), end = p[i + 2]; out.push(kind === "b" ? [label, x(m), y(end), "", ""] : [label, x(end), y(m), "", ""]); }
        if (kind === "f") for (let n = (p.length - 3) >> 1, i = 1; i <= n; i++) { const ends = [p[i], p[p.length - 1 - i]].sort((a, b) => b[1] - a[1]); out.push([label, x(p[i]), "", ...ends.map(y)]); }
        return out;
      });
    }

    table() {
      const box = this.one(".live-data");
      if (!box.open || !this.h) return;
      const rows = [["series", "x", "y", "low", "high"], ...this.rows()];
      const escape = s => s.replace(/[&<>]/g, c => "&#" + c.charCodeAt() + ";");
      const body = rows.map((r, i) => "<tr>" + r.map(c => i ? "<td>" + escape(c) + "</td>" : '<th scope="col">' + c + "</th>").join("") + "</tr>");
      box.querySelector("div").innerHTML = "<table>" + body.join("") + "</table>";
      const csv = rows.map(r => r.map(c => /[",]/.test(c) ? '"' + c.replace(/"/g, '""') + '"' : c).join(",")).join("\n") + "\n";
      const link = box.querySelector("a");
      link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(csv);
      link.download = this.figure.id + "_" + decodeURIComponent(this.query()).replace(/&/g, "_") + ".csv";
    }
  }

  // ---- all figures of the page
  function follow() {
    const [id, query] = decodeURI(location.hash).slice(1).split("?");
    const figure = query !== undefined && document.getElementById(id);
    if (figure && figure.live) figure.live.open(query);
  }
  function scan() {
    document.querySelectorAll("figure.live").forEach(f => { f.live ||= new LiveFigure(f); });
    follow();
  }
  root.liveFigures = { decode, numbers, words, pathData, scan };
  if (root.document) {
    root.addEventListener("hashchange", follow);
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", scan) : scan();
  }
})(globalThis);
