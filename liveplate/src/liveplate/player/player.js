/* The player of live figures. No dependencies.

   matplotlib drew every state while the book was built; the page holds the default state as SVG and a payload of what
   changes (its format: liveplate/bake/encode.py). The player sets path data, positions, texts and colours of the nodes
   that depend on the slider that moved. Lines glide to the new state and come to rest on computed states only. */
(root => {
  "use strict";
  const VERSION = 1;     // of the payload's format
  const GLIDE = 90;      // ms
  const NEAR = "400px";  // a figure is unpacked when it comes this close to the window
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const put = (node, name, value) => node.setAttribute(name, value);

  // ---- the payload
  async function inflate(base64) {
    if (!root.DecompressionStream) throw Error("please update your browser; Chrome 85, Firefox 113, Safari 16.4 or later");
    try {
      const packed = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch { throw Error("they are damaged"); }
  }

  function decode(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const h = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    if (h.v !== VERSION) throw Error(`they have format ${h.v}, this page's script reads format ${VERSION}: reload the page, or build it again`);
    let at = 4 + length;
    const integers = (shape, flags) => {        // planes of zigzag differences -> int16
      const n = shape.reduce((a, b) => a * b, 1), out = new Int16Array(n);
      if (at + 2 * n > bytes.length) throw Error("they are too short");
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
    const dims = h.d, place = integers([h.n], 1), owner = [];
    let size = 0;
    const groups = h.g.map(([mask, width, flags]) => {     // numbers that depend on the same sliders
      const group = { mask, width, start: size, data: integers(dims.filter((_, k) => mask >> k & 1).concat(width), flags) };
      for (let i = 0; i < width; i++) owner.push(group);
      size += width;
      return group;
    });
    const elements = h.p.map(p => {
      const e = { kind: p.k, place: place.subarray(p.o, p.o + p.n), commands: p.c, still: p.z, body: p.s, looks: p.a, moves: 0, says: 0 };
      for (const i of p.n ? e.place : []) e.moves |= owner[i].mask;          // sliders that change its numbers,
      for (const [mask] of [...p.s || [], ...p.a || []]) e.says |= mask;     // its words and looks
      if (p.k === "p" && p.n) e.commands = p.c ? p.c.replace(/([A-Z])(\d+)/g, (_, c, n) => c.repeat(n)) : "M" + "L".repeat(p.n / 2 - 1);
      return e;
    });
    const text = [];                            // numbers as they are written, each made once
    for (let i = -32768; i < 32768; i++) text.push("");
    return { dims, size, groups, owner, elements, readout: h.t, plan: h.m, gone: h.gone, far: h.far - 1, scale: h.q, text };
  }

  const row = (h, mask, state) => {
    let r = 0;
    for (let k = 0; k < h.dims.length; k++) if (mask >> k & 1) r = r * h.dims[k] + state[k];
    return r;
  };
  const words = (h, channels, state) => channels.map(([mask, texts, index]) => {
    const r = row(h, mask, state);
    return texts[index ? index[r] : r];
  }).join("");

  // the numbers of a state, or those among them that the sliders in `moved` change
  function numbers(h, state, out = new Int16Array(h.size), moved = -1) {
    for (const { mask, width, start, data } of h.groups) {
      if (!(mask & moved) && moved !== -1) continue;
      const from = row(h, mask, state) * width;
      out.set(data.subarray(from, from + width), start);
    }
    return out;
  }
  const numberAt = (h, i, state) => {
    const { mask, width, start, data } = h.owner[i];
    return data[row(h, mask, state) * width + i - start];
  };

  function pathData(h, { kind, place, commands }, v) {
    const { gone, scale, text } = h, write = x => text[x + 32768] ||= "" + x / scale;
    let d = "", i = 0;
    if (kind === "m") {
      for (; i < place.length; i += 2) {
        const x = v[place[i]], y = v[place[i + 1]];
        if (x !== gone && y !== gone) d += "M" + write(x) + " " + write(y) + commands;
      }
      return d;
    }
    for (let k = 0, broken = 0, drawn = 0; k < commands.length;) {
      let letter = commands[k];
      if (letter === "Z") {
        if (drawn && v[place[i]] !== gone) d += "Z";
        drawn = 0; i += 2; k++;
        continue;
      }
      const points = letter === "C" ? 3 : letter === "Q" ? 2 : 1;
      let part = "", missing = 0;
      for (let j = 0; j < points; j++, i += 2) {
        const x = v[place[i]], y = v[place[i + 1]];
        missing = missing || x === gone || y === gone;
        part += (j ? " " : "") + write(x) + " " + write(y);
      }
      if (missing) { broken = 1; if (letter === "M") drawn = 0; }
      else { d += (broken && letter === "L" ? "M" : letter) + part; broken = 0; drawn = 1; }
      k += points;                              // letters repeat once per vertex, as in matplotlib
    }
    return d;
  }

  // a cell of a CSV file: no formula for a spreadsheet
  function quoted(text) {
    if (/^[=+\-@\t\r]/.test(text) && isNaN(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
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
      $("problem").hidden = true;
      all("[data-grab]").forEach(e => this.handle(e));
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
        if (h.elements.length !== this.nodes.length || h.dims.length !== this.inputs.length) throw Error("they are another figure's");
        this.from = numbers(h, this.shown);
        this.now = this.from.slice();
        this.to = this.from.slice();
        this.payload = h;
        this.figure.dataset.ready = 1;
      }).catch(error => {                       // the picture stays, and says why nothing moves
        this.stop();
        this.$("controls").disabled = this.$("data").hidden = true;
        this.figure.querySelectorAll(".live-grab").forEach(e => e.remove());
        this.$("problem").hidden = false;
        this.$("problem").textContent = "The sliders do not work: the figure's data cannot be read (" + error.message + "). Shown are the default values.";
      });
    }

    // a mark that is dragged: a wide, unseen copy of it takes the pointer, its slider follows to the nearest of its places
    handle(mark) {
      const [k, axis] = mark.dataset.grab.split(",").map(Number), svg = mark.ownerSVGElement, hit = svg.appendChild(mark.cloneNode());
      const j = mark.dataset.b;
      ["data-b", "data-s", "data-grab", "clip-path"].forEach(name => hit.removeAttribute(name));
      put(hit, "class", "live-grab live-along-" + "xy"[axis]);
      mark.copy = hit;
      const at = event => {
        const box = svg.getBoundingClientRect(), { width, height } = svg.viewBox.baseVal;
        return this.payload.scale * (axis ? (event.clientY - box.top) * height / box.height : (event.clientX - box.left) * width / box.width);
      };
      hit.onpointerdown = down => {
        const h = this.payload;
        if (!h || down.button) return;
        down.preventDefault();
        hit.setPointerCapture(down.pointerId);
        this.stop();
        const places = this.texts[k].map((_, x) => numberAt(h, h.elements[j].place[axis], this.state().map((y, i) => i === k ? x : y)));
        const off = at(down) - places[this.state()[k]];
        hit.onpointermove = move => {
          const far = places.map(x => x === h.gone ? Infinity : Math.abs(x - at(move) + off)), nearest = far.indexOf(Math.min(...far));
          if (nearest !== this.state()[k]) this.go(this.state().map((y, i) => i === k ? nearest : y));
        };
      };
      hit.onpointerup = hit.onpointercancel = () => { hit.onpointermove = null; };
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
      if (atOnce && this.payload) this.step(0, 0); else this.changed();
    }

    changed() {
      this.load().then(() => { if (this.payload) this.frame ||= requestAnimationFrame(t => this.step(t, calm() ? 0 : GLIDE)); });
      clearTimeout(this.pause);
      this.pause = setTimeout(() => {           // after the last move: what a screen reader hears, and the open table
        this.$("status").textContent = this.$("readout").textContent;
        this.table();
      }, 400);
    }

    step(now, span) {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const { payload: h, from, to } = this, state = this.state();
      const moved = state.reduce((m, x, k) => x === this.shown[k] ? m : m | 1 << k, 0);
      if (moved) {                              // words change at once, lines glide
        this.shown = state;
        this.say(moved);
        this.$("readout").textContent = words(h, h.readout, state);
        from.set(this.now);
        numbers(h, state, to, moved);
        this.glide = { start: now, moved: moved | (this.glide ? this.glide.moved : 0) };
      }
      const glide = this.glide;
      if (!glide) return;
      const f = span ? Math.min(1, Math.max(0, (now - glide.start) / span)) : 1;
      if (f === 1) this.now.set(to);
      else for (let i = 0; i < h.size; i++) {
        const a = from[i], b = to[i];
        this.now[i] = a === b || a === h.gone || b === h.gone ? b : Math.round(a + (b - a) * f);
      }
      this.draw(glide.moved, f < 1);
      if (f < 1) this.frame = requestAnimationFrame(t => this.step(t, span));
      else { this.glide = 0; this.figure.dataset.state = this.shown; }
    }

    draw(moved, between) {
      const { payload: h, now } = this;
      h.elements.forEach((e, j) => {
        if (!(e.moves & moved) || between && e.still) return;
        const node = this.nodes[j];
        if (e.kind === "p" || e.kind === "m") {
          const d = pathData(h, e, now);
          put(node, "d", d);
          if (node.copy) put(node.copy, "d", d);
          return;
        }
        const x = now[e.place[0]], y = now[e.place[1]];
        node.style.display = x === h.gone ? "none" : "";
        if (e.kind === "i") { put(node, "x", x / h.scale); put(node, "y", y / h.scale); }
        else put(node, "transform", `translate(${x / h.scale},${y / h.scale})` + (e.commands ? ` rotate(${e.commands})` : ""));
      });
    }

    say(moved) {
      const { payload: h, shown } = this;
      h.elements.forEach((e, j) => {
        if (!(e.says & moved)) return;
        const node = this.nodes[j];
        if (e.body) {
          const text = words(h, e.body, shown);
          if (e.kind === "i") put(node, "href", text);
          else if (text.includes("<") || text.includes("&")) node.innerHTML = text;
          else node.textContent = text;
        }
        if (e.looks) {
          for (const { name } of [...node.attributes]) if (/^(fill|stroke|clip)/.test(name)) node.removeAttribute(name);
          for (const [, name, value] of words(h, e.looks, shown).matchAll(/ ([\w-]+)="([^"]*)"/g)) put(node, name, value);
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

    // ---- the numbers of the current state, read from the drawing, in data coordinates, to what its pixels resolve; of those series only that are wanted
    rows(wanted = () => true) {
      const out = [], data = JSON.parse(words(this.payload, this.payload.plan, this.shown));
      for (const [label, axes, kind, slots] of data.s) {
        const [left, top, width, height, x0, x1, logX, y0, y1, logY] = data.a[axes];
        if (logX > 1 || logY > 1 || !wanted(label, axes)) continue;
        const [p, bars] = slots.map(slot => [...this.figure.querySelectorAll(`[data-s="${slot}"]`)].flatMap(e => [...e.getAttribute("d").matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)]));
        const read = (pixels, size, lo, hi, log) => {
          const f = pixels / size, range = Math.abs(log ? Math.log(hi / lo) : hi - lo), digits = Math.ceil(Math.log10(size * 10 / range));
          if (Math.abs(pixels) > this.payload.far) return "off the scale";
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
      if (!box.open || !this.payload) return;
      const rows = [["series", "x", "y", "low", "high"], ...this.rows()];
      const cell = (text, i) => (i ? "<td>" : '<th scope="col">') + text.replace(/[&<>]/g, c => "&#" + c.charCodeAt() + ";");
      box.querySelector("div").innerHTML = "<table>" + rows.map((r, i) => "<tr>" + r.map(text => cell(text, i)).join("")).join("") + "</table>";
      link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(rows.map(r => r.map(quoted) + "\n").join(""));
      link.download = this.figure.id + "_" + this.query().replace(/&/g, "_") + ".csv";
    }
  }

  // ---- all figures of the page
  function follow() {
    const [id, query] = location.hash.slice(1).split("?");   // a figure's name needs no decoding
    const figure = query !== undefined && document.getElementById(id);
    if (figure && figure.live) figure.live.open(query);
  }
  function scan() {
    document.querySelectorAll("figure.live").forEach(f => { f.live ||= new LiveFigure(f); });
    follow();
  }
  root.liveFigures = { decode, numbers, words, pathData, quoted, scan };
  if (root.document) { root.addEventListener("hashchange", follow); scan(); }   // the page loads this script deferred
})(globalThis);
