/* Walks: a live figure stays in view while the steps of a list pass, and its controls go where each step says.

   The page holds `.live-walk` with a figure and `.live-step`s, each ending with a link `.live-state`; data-stops has the
   places of all controls for each (liveplate/walk.py). Where the figure does not fit beside or above the text, it stays
   in its place, and the links move it. The player draws; every state in between is one that was computed. */
(root => {
  "use strict";
  const LONGEST = 900, A_STEP = 70;  // ms: the whole way of a control, and one of its places
  const ABOVE = 0.45, ROOMY = 0.66;  // share of the window's height that a figure above the text may take: phone, wider
  const WAYS = ["live-pinned", "live-beside", "live-above", "live-brief", "live-bare"];
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  class Walk {
    constructor(box) {
      this.box = box;
      this.figure = box.querySelector("figure.live");
      this.steps = [...box.querySelectorAll(".live-step")];
      this.links = this.steps.map(step => [...step.querySelectorAll(".live-state")].pop());
      this.states = box.dataset.stops.split(" ").map(stop => stop.split(",").map(Number));
      this.active = -1;
      this.moved = false;              // by the reader, since the last step
      this.figure.addEventListener("input", () => this.leave());
      this.figure.addEventListener("pointerdown", () => this.leave());
      this.figure.addEventListener("click", event => { if (event.target.closest(".live-buttons")) this.leave(); });
      this.steps.forEach((step, k) => step.addEventListener("focusin", () => this.enter(k)));
      this.links.forEach((link, k) => {
        link.addEventListener("click", event => {   // here, without a jump of the page
          event.preventDefault();
          this.active = -1;
          this.enter(k);
          if (!this.pinned()) this.figure.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
        });
      });
      this.button = document.createElement("button");
      this.button.type = "button";
      this.button.className = "live-unpin";
      this.button.onclick = () => { this.free = !this.free; this.arrange(); this.figure.scrollIntoView({ block: "nearest" }); };
      this.figure.querySelector(".live-readout").after(this.button);
      let waiting;
      const again = () => { clearTimeout(waiting); waiting = setTimeout(() => this.arrange(), 150); };
      root.addEventListener("resize", again);
      if (document.fonts) document.fonts.ready.then(again);
      this.arrange();
    }

    pinned() { return this.box.classList.contains("live-pinned"); }

    // what of the figure fits: all of it, without caption and table, without the controls; else it is not pinned
    arrange() {
      const { box, figure } = this, { classList } = box, height = root.innerHeight;
      classList.add("live-pinned");
      const top = parseFloat(getComputedStyle(box.querySelector(".cell_output")).top) || 0;
      const wide = box.parentElement.clientWidth >= 640, two = figure.classList.contains("live-two");
      const beside = wide && !two && !this.free, most = beside ? height - top - 8 : height * (wide ? ROOMY : ABOVE);
      classList.remove(...WAYS);
      this.button.hidden = true;
      if (!this.free) {
        classList.add("live-pinned", beside ? "live-beside" : "live-above");
        for (const less of [null, "live-brief", "live-bare"]) {
          if (less) classList.add(less);
          this.button.hidden = !less;
          if (figure.getBoundingClientRect().height <= most) break;
          if (less === "live-bare") { classList.remove(...WAYS); this.button.hidden = true; }
        }
      }
      this.button.hidden &&= !this.free;
      const hidden = classList.contains("live-bare") ? "all of the figure, with its sliders" : "all of the figure";
      this.button.textContent = this.free ? "let the figure follow the text" : hidden;
      this.watch(beside || !this.pinned() ? 0.5 : (top + figure.getBoundingClientRect().height) / height * 0.6 + 0.4);
    }

    // the step that crosses a line, at this share of the window's height, is entered
    watch(line) {
      if (this.observer) this.observer.disconnect();
      const above = Math.round(line * 100);
      this.box.style.setProperty("--live-line", above + "vh");   // where a link to a step brings its heading
      this.observer = new IntersectionObserver(seen => {
        const entered = seen.filter(one => one.isIntersecting).pop();
        if (!entered || !this.pinned()) return;
        const k = this.steps.indexOf(entered.target), here = location.hash.startsWith("#" + this.figure.id + "?");
        if (this.active < 0 && here) this.mark(k); else this.enter(k);   // a link to a state of the figure brought us
      }, { rootMargin: `-${above}% 0px -${99 - above}% 0px` });
      this.steps.forEach(step => this.observer.observe(step));
    }

    mark(k) {
      this.active = k;
      this.steps.forEach((step, i) => { if (i === k) step.setAttribute("aria-current", "step"); else step.removeAttribute("aria-current"); });
    }

    enter(k) {
      if (k === this.active) return;
      this.mark(k);
      this.moved = false;
      this.figure.live.stop();
      this.go(this.states[k]);
    }

    leave() { this.moved = true; cancelAnimationFrame(this.frame); }

    // sliders run through their places, everything else changes at once
    go(state) {
      const { live } = this.figure, from = live.state(), slides = live.inputs.map(e => e.type === "range");
      const far = Math.max(0, ...state.map((x, k) => slides[k] ? Math.abs(x - from[k]) : 0));
      cancelAnimationFrame(this.frame);
      if (calm() || far < 2) { if (String(state) !== String(from)) live.go(state); return; }
      const span = Math.min(LONGEST, A_STEP * far);
      let start, last = String(from);
      const move = now => {
        start ??= now;
        const f = Math.min(1, (now - start) / span), at = state.map((x, k) => slides[k] ? Math.round(from[k] + (x - from[k]) * f) : x);
        if (String(at) !== last) { last = String(at); live.go(at); }
        if (f < 1) this.frame = requestAnimationFrame(move);
      };
      this.frame = requestAnimationFrame(move);
    }
  }

  root.liveWalks = () => document.querySelectorAll(".live-walk").forEach(box => { if (box.querySelector("figure.live")?.live) box.walk ||= new Walk(box); });
  root.liveWalks();                                        // this script is deferred, after the player's
})(globalThis);
