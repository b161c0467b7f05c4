/* The player of live figures. No dependencies.

   matplotlib drew every state while the book was built; the page holds the default state as SVG and a payload of what
   changes (its format: liveplate/bake/encode.py). The player sets path data, positions, texts and colours of the nodes
   that depend on the slider that moved. Lines glide to the new state and come to rest on computed states only. */
(root => {
  "use strict";
  const GONE = -32768;   // a number that this state does not have
  const FAR = 3199;      // pixels: farther points were moved in, their values are unknown
  const GLIDE = 90;      // ms
  const NEAR = "400px";  // a figure is unpacked when it comes this close to the window
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const put = (node, name, value) => node.setAttribute(name, value);

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
    for (let k = 0, broken = 0, drawn = 0; k < p.c.length;) {
      let letter = p.c[k];
      if (letter === "Z") {
        if (drawn && v[place[i]] !== GONE) d += "Z";
        drawn = 0; i += 2; k++;
        continue;
      }
      const points = letter === "C" ? 3 : letter === "Q" ? 2 : 1;
      let text = "", gone = 0;
      for (let j = 0; j < points; j++, i += 2) {
        const x = v[place[i]], y = v[place[i + 1]];
        gone = gone || x === GONE || y === GONE;
        text += (j ? " " : "") + x / q + " " + y / q;
      }
      if (gone) { broken = 1; if (letter === "M") drawn = 0; }
      else { d += (broken && letter === "L" ? "M" : letter) + text; broken = 0; drawn = 1; }
      k += points;                              // letters repeat once per vertex, as in matplotlib
    }
    return d;
  }

  // ---- one figure
  class LiveFigure {
    constructor(figure) {
      const all = s => [...figure.querySelectorAll(s)];
      const $ = name => figure.querySelector(".live-" + name);
      const lines = key => this.inputs.map(e => e.dataset[key].split("\n"));
      Object.assign(this, { figure, $, nodes: [], inputs: all("[data-v]"), sweep: +figure.dataset.sweep });
      all("[data-b]").forEach(e => { this.nodes[e.dataset.b] = e; });
      this.texts = lines("t");
      this.values = lines("v");
      this.shown = this.initial = this.inputs.map(e => +e.dataset.d);
      this.inputs.forEach((e, k) => { e.oninput = () => { this.stop(); this.label(k); this.changed(); }; this.label(k); });
      all("[data-p]").forEach(b => { b.onclick = () => { this.stop(); this.go(b.dataset.p.split(",").map((x, k) => x ? +x : this.state()[k])); }; });
      $("play").onclick = () => this.timer ? this.stop() : this.play();
      $("link").onclick = () => this.copyLink();
      $("data").ontoggle = () => this.table();
      $("controls").disabled = false;
      let kept;
      root.addEventListener("beforeprint", () => { kept = this.state(); this.go(this.initial, 1); });
      root.addEventListener("afterprint", () => this.go(kept, 1));
      new IntersectionObserver((seen, observer) => {
        if (seen.some(e => e.isIntersecting)) { observer.disconnect(); this.load(); }
      }, { rootMargin: NEAR }).observe(figure);
    }

    load() {
      return this.loading ||= inflate(this.$("payload").textContent).then(bytes => {
        const h = decode(bytes);
        if (h.p.length !== this.nodes.length || h.d.length !== this.inputs.length) throw Error("it is another figure's");
        this.now = numbers(h, this.shown);
        this.h = h;
        this.figure.dataset.ready = 1;
      }).catch(error => {                       // the picture stays, and says why nothing moves
        this.stop();
        this.$("controls").disabled = this.$("data").hidden = true;
        this.$("problem").hidden = false;
        this.$("problem").textContent = "The sliders do not work: the figure's data cannot be read (" + error.message + "). Shown are the default values.";
      });
    }

    // the place of each control on its grid
    state() { return this.inputs.map(e => e.type === "checkbox" ? +e.checked : +e.value); }

    label(k) {
      const e = this.inputs[k];
      if (e.type !== "range") return;
      const text = e.nextElementSibling.textContent = this.texts[k][e.value];
      put(e, "aria-valuetext", text);
    }

    go(state, atOnce) {
      state.forEach((x, k) => {
        const e = this.inputs[k];
        if (e.type === "checkbox") e.checked = x; else e.value = x;
        this.label(k);
      });
      if (atOnce && this.h) this.step(0, 0); else this.changed();
    }

    changed() {
      this.load().then(() => { if (this.h) this.frame ||= requestAnimationFrame(t => this.step(t, calm() ? 0 : GLIDE)); });
      clearTimeout(this.pause);
      this.pause = setTimeout(() => {           // after the last move: what a screen reader hears, and the open table
        this.$("status").textContent = this.$("readout").textContent;
        this.table();
      }, 400);
    }

    step(now, span) {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const { h } = this, to = this.state();
      const moved = to.reduce((m, x, k) => x === this.shown[k] ? m : m | 1 << k, 0);
      if (moved) {                              // words change at once, lines glide
        this.shown = to;
        this.say(moved);
        this.$("readout").textContent = words(h, h.t, to);
        this.glide = { from: this.now, to: numbers(h, to), start: now, moved: moved | (this.glide ? this.glide.moved : 0) };
      }
      const glide = this.glide;
      if (!glide) return;
      const f = span ? Math.min(1, Math.max(0, (now - glide.start) / span)) : 1;
      this.now = f === 1 ? glide.to : glide.from.map((a, i) => {
        const b = glide.to[i];
        return a === GONE || b === GONE ? b : Math.round(a + (b - a) * f);
      });
      this.draw(glide.moved, f < 1);
      if (f < 1) this.frame = requestAnimationFrame(t => this.step(t, span));
      else { this.glide = 0; this.figure.dataset.state = this.shown; }
    }

    draw(moved, between) {
      const { h, now: v } = this;
      h.p.forEach((p, j) => {
        if (!(p.moves & moved) || between && p.z) return;
        const node = this.nodes[j];
        if (p.k === "p" || p.k === "m") return put(node, "d", pathData(h, p, v));
        const x = v[h.place[p.o]], y = v[h.place[p.o + 1]];
        node.style.display = x === GONE ? "none" : "";
        if (p.k === "i") { put(node, "x", x / h.q); put(node, "y", y / h.q); }
        else put(node, "transform", `translate(${x / h.q},${y / h.q})` + (p.c ? ` rotate(${p.c})` : ""));
      });
    }

    say(moved) {
      const { h, shown } = this;
      h.p.forEach((p, j) => {
        if (!(p.says & moved)) return;
        const node = this.nodes[j];
        if (p.s) { const text = words(h, p.s, shown); if (p.k === "i") put(node, "href", text); else node.innerHTML = text; }
        if (p.a) {
          for (const { name } of [...node.attributes]) if (/^(fill|stroke|clip)/.test(name)) node.removeAttribute(name);
          for (const [, name, value] of words(h, p.a, shown).matchAll(/ ([\w-]+)="([^"]*)"/g)) put(node, name, value);
        }
      });
    }

    // the sweep's slider runs from its place, or from the start, to the end
    play() {
      const k = this.sweep, last = this.texts[k].length - 1;
      const move = by => { const state = this.state(); state[k] += by; this.go(state); };
      if (this.state()[k] === last) move(-last);
      this.$("play").textContent = "❚❚ pause";
      this.timer = setInterval(() => { this.state()[k] < last ? move(1) : this.stop(); }, calm() ? 900 : Math.max(110, Math.min(500, 6000 / last)));
    }

    stop() {
      clearInterval(this.timer);
      this.timer = 0;
      this.$("play").textContent = "▶ play";
    }

    // ---- links: page.html#name?n=200&ridge=0.01
    query() { return this.inputs.map((e, k) => e.name + "=" + this.values[k][this.state()[k]]).join("&"); }

    copyLink() {
      const link = this.$("link"), words = link.textContent;
      location.replace("#" + this.figure.id + "?" + this.query());
      const say = text => { link.textContent = this.$("status").textContent = text; setTimeout(() => { link.textContent = words; }, 2000); };
      (navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject()).then(() => say("link copied"), () => say("see the address bar"));
    }

    open(query) {
      const wanted = new URLSearchParams(query);
      this.go(this.state().map((place, k) => {
        const text = wanted.get(this.inputs[k].name), values = this.values[k];
        if (values.includes(text)) return values.indexOf(text);
        const off = values.map(v => Math.abs(v - parseFloat(text))), least = Math.min(...off);
        return isFinite(least) ? off.indexOf(least) : place;
      }));
      this.figure.scrollIntoView();
    }

    // ---- the numbers of the current state, read from the drawing, in data coordinates, to what its pixels resolve
    rows() {
      const out = [], data = JSON.parse(words(this.h, this.h.m, this.shown));
      for (const [label, axes, kind, slots] of data.s) {
        const [left, top, width, height, x0, x1, logX, y0, y1, logY] = data.a[axes];
        if (logX > 1 || logY > 1) continue;
        const [p, bars] = slots.map(slot => [...this.figure.querySelectorAll(`[data-s="${slot}"]`)].flatMap(e => [...e.getAttribute("d").matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)]));
        const read = (pixels, size, lo, hi, log) => {
          const f = pixels / size, range = Math.abs(log ? Math.log(hi / lo) : hi - lo), digits = Math.ceil(Math.log10(size * 10 / range));
          if (Math.abs(pixels) > FAR) return "off the scale";
          return String(+(log ? (lo * (hi / lo) ** f).toPrecision(Math.max(1, digits)) : (lo + (hi - lo) * f).toFixed(Math.max(0, digits))));
        };
        const x = a => read(a[1] - left, width, x0, x1, logX), y = a => read(top + height - a[2], height, y0, y1, logY);
        const ends = (a, b) => a ? (+a[2] < +b[2] ? [b, a] : [a, b]).map(y) : ["", ""];
        const middle = (a, b) => a.map((_, i) => (+a[i] + +b[i]) / 2);
        const add = (...cells) => out.push([label, ...cells]);
        if (kind === "d") p.forEach(a => add(x(a), y(a), "", ""));
        if (kind === "e") p.forEach((a, i) => add(x(a), y(a), ...ends(bars[2 * i], bars[2 * i + 1])));
        if (kind === "f") for (let i = 1; i <= p.length - 3 >> 1; i++) add(x(p[i]), "", ...ends(p[i], p[p.length - 1 - i]));
        for (let i = 2; i < p.length; i += 4) {
          if (kind === "b") add(x(middle(p[i - 2], p[i])), y(p[i]), "", "");
          if (kind === "h") add(x(p[i]), y(middle(p[i - 2], p[i])), "", "");
        }
      }
      return out;
    }

    table() {
      const box = this.$("data"), link = box.querySelector("a");
      if (!box.open || !this.h) return;
      const rows = [["series", "x", "y", "low", "high"], ...this.rows()];
      const cell = (text, i) => (i ? "<td>" : '<th scope="col">') + text.replace(/[&<>]/g, c => "&#" + c.charCodeAt() + ";");
      box.querySelector("div").innerHTML = "<table>" + rows.map((r, i) => "<tr>" + r.map(text => cell(text, i)).join("")).join("") + "</table>";
      const quoted = text => /[",]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(rows.map(r => r.map(quoted) + "\n").join(""));
      link.download = this.figure.id + "_" + this.query().replace(/&/g, "_") + ".csv";
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
  if (root.document) { root.addEventListener("hashchange", follow); scan(); }   // the page loads this script deferred
})(globalThis);
