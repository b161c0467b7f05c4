/* Predictions that are made: the questions of a page (its list comes from book/_ext/questions.py) become forms, and the
   figure that would give the answer away is covered until the reader has guessed, or asks to see it. Guesses stay in this
   browser. `?reveal` in the address, or Alt+R, uncovers all figures; a link to a figure uncovers that one. */
(() => {
  "use strict";
  const lists = [...document.querySelectorAll("script.questions")].map(one => JSON.parse(one.textContent));  // of one chapter, or of a book on one page
  let revealed = new URLSearchParams(location.search).has("reveal");

  // ---- what was guessed, by question; where the browser refuses to keep it, it lasts as long as the page
  const memory = new Map();
  const kept = {
    read(key) {
      try { return JSON.parse(localStorage.getItem(key)) ?? memory.get(key); } catch { return memory.get(key); }
    },
    write(key, value) {
      memory.set(key, value);
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* denied, or full */ }
    },
    forget(key) {
      memory.delete(key);
      try { localStorage.removeItem(key); } catch { /* denied */ }
    },
  };

  function make(tag, properties, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }
  const button = (text, onclick, more) => make("button", { type: "button", textContent: text, onclick, ...more });
  const link = (id, text) => make("a", { href: "#" + id, textContent: text });

  // what stands in a line of a list, in copies or moved, without the paragraph around it and without its letter
  function content(item, copied) {
    const around = item.children.length === 1 && item.firstElementChild.tagName === "P" ? item.firstElementChild : item;
    return [...around.childNodes].map(node => copied ? node.cloneNode(true) : node);
  }
  function withoutLetter(found) {
    const first = found.find(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (first) first.data = first.data.replace(/^\s*\([a-z]\)/, "");
    return found;
  }
  const letterOf = item => /\(([a-z])\)/.exec(item.textContent)[1];

  class Question {
    constructor(page, { figure, groups, right, draw }) {
      const $ = id => document.getElementById(id);
      Object.assign(this, { right, draw, figure: $(figure), box: $("predict-" + figure), answer: $("answer-" + figure) });
      this.key = `predict:${page}#${figure}`;
      this.sentences = {};
      for (const item of this.answer.querySelectorAll(".overlooked > li")) this.sentences[letterOf(item)] = item;
      this.groups = [...this.box.querySelectorAll("ul.choices")].map((list, i) => this.form(list, groups[i]));
      this.verdict = make("div", { className: "judgement" });
      this.verdict.setAttribute("aria-live", "polite");
      this.forgetting = button("Forget it", () => this.forget(), { hidden: true });
      const guess = button("That’s my guess", () => this.commit(), { className: "guess-button" });
      this.box.append(make("p", { className: "question-buttons" }, guess, this.forgetting), this.verdict);
      this.guess = this.restored(kept.read(this.key));
      this.cover();
      if (this.guess || revealed) this.uncover();
      if (this.guess) this.show();
    }

    // a list of choices becomes a set of radio buttons, the paragraph before it their legend
    form(list, letters) {
      const asked = list.previousElementSibling;
      const legend = make("legend", {}, ...asked && asked.tagName === "P" && !asked.matches(".admonition-title") ? content(asked) : ["Choose"]);
      const set = make("fieldset", { className: "choices" }, legend), group = { legend, letters, inputs: {}, words: {} };
      [...list.children].forEach((item, i) => {
        const letter = letters[i], input = make("input", { type: "radio", name: this.key + letters[0], value: letter });
        group.inputs[letter] = input;
        group.words[letter] = make("span", {}, ...content(item));
        set.append(make("label", {}, input, group.words[letter]));
      });
      if (asked && legend.childNodes.length && !asked.childNodes.length) asked.remove();
      list.replaceWith(set);
      return group;
    }

    chosen(group) { return group.letters.find(letter => group.inputs[letter].checked); }

    // a guess is kept with the words of the choice: a question that reads otherwise by now has not been answered
    restored(guess) {
      if (!guess || !Array.isArray(guess.chosen) || guess.chosen.length !== this.groups.length || guess.curve && !this.draw) return null;
      const letters = this.groups.map((group, i) => group.letters.find(letter => group.words[letter].textContent === guess.chosen[i]));
      if (guess.chosen.some((words, i) => words && !letters[i])) return null;
      this.groups.forEach((group, i) => { if (letters[i]) group.inputs[letters[i]].checked = true; });
      return guess;
    }

    // ---- the figure below
    cover() {
      this.figure.classList.remove("unanswered");
      const show = button("show the figure", () => { this.uncover(); this.figure.scrollIntoView({ block: "nearest" }); });
      show.setAttribute("aria-keyshortcuts", "Alt+R");
      this.veil = make("div", { className: "veil" }, make("p", {}, link(this.box.id, "Choose first"), ", or ", show));
      this.figure.classList.add("veiled");
      this.figure.prepend(this.veil);
      this.walk(false);
      if (this.draw && globalThis.Sketch && this.figure.live) {
        this.sketch = new Sketch(this.figure, this.draw, this.guess && this.guess.curve);
        this.sketch.ready.then(() => { if (this.veil) this.veil.prepend(this.sketch.board(() => this.commit())); })
          .catch(() => { this.sketch = null; });   // without the figure's data there is nothing to draw on
      }
    }

    uncover() {
      if (!this.veil) return;
      const focused = this.veil.contains(document.activeElement);
      this.veil.remove();
      this.veil = null;
      this.figure.classList.remove("veiled");
      this.walk(true);
      if (focused) {
        this.figure.tabIndex = -1;
        this.figure.focus({ preventScroll: true });
      }
    }

    // steps that move the figure wait, unseen, until it is seen
    walk(goes) {
      const { walk } = this.figure.closest(".live-walk") || {};
      if (!walk) return;
      walk.free = !goes;
      walk.arrange();
    }

    // ---- the guess
    async commit() {
      const missing = this.groups.find(group => !this.chosen(group));
      const drawn = !this.sketch || this.sketch.isDrawn() || !this.veil && this.groups.length;  // shown without a drawing
      if (missing || !drawn) {
        this.verdict.replaceChildren(make("p", {}, missing ? "Choose one of the answers first." : "Now draw the curve, from one end of the empty axes below to the other; or let the figure be shown."));
        if (missing) missing.inputs[missing.letters[0]].focus();
        return;
      }
      this.guess = { chosen: this.groups.map(group => group.words[this.chosen(group)].textContent) };
      this.uncover();
      if (this.sketch && this.sketch.curve) {
        this.guess.curve = this.sketch.curve;
        this.guess.said = await this.sketch.compare();
      }
      kept.write(this.key, this.guess);
      this.show();
      this.fold(false);
      summary.update();
    }

    show() {
      const lines = this.groups.map(group => this.judged(group)).filter(Boolean);
      if (this.guess.said) lines.push(make("p", {}, this.guess.said));
      if (this.guess.curve) this.sketch?.overlay().catch(() => {});
      lines.push(make("p", {}, "Try it in the figure; ", link(this.answer.id, "the answer"), " below it says why."));
      this.verdict.replaceChildren(...lines);
      this.forgetting.hidden = false;
    }

    // what one choice overlooked
    judged(group) {
      const letter = this.chosen(group), right = group.letters.find(one => this.right.includes(one));
      if (!letter) return null;
      const mine = make("strong", {}, `Your guess: (${letter}).`);
      if (letter === right) return make("p", {}, mine, " So it is.");
      const line = make("p", {}, mine, ` What happens: (${right}). The guess`, ...withoutLetter(content(this.sentences[letter], true)));
      return line;
    }

    forget() {
      kept.forget(this.key);
      this.guess = null;
      for (const group of this.groups) for (const letter of group.letters) group.inputs[letter].checked = false;
      this.sketch?.remove();
      this.verdict.replaceChildren(make("p", {}, "Forgotten."));
      this.forgetting.hidden = true;
      this.fold(true);
      if (!revealed && !this.veil) this.cover();
      summary.update();
    }

    // the answer below the figure: a box with a toggle button, once the theme has put one there
    fold(folded) {
      const toggle = this.answer.querySelector(".toggle-button");
      if (toggle && this.answer.classList.contains("toggle-hidden") !== folded) toggle.click();
    }
  }

  // ---- at the end of the page: the reader's own predictions against what happened
  const summary = {
    place: null,
    update() {
      if (!this.place) {
        this.place = make("details", { className: "own-predictions" });
        document.querySelector("article.bd-article > section, article section")?.append(this.place);
      }
      const made = all.filter(one => one.guess).length;
      const head = make("summary", { textContent: `Your predictions in this chapter: ${made} of ${all.length} made` });
      const forget = button("Forget all of them", () => all.forEach(one => one.guess && one.forget()), { hidden: !made });
      this.place.replaceChildren(head, make("ol", {}, ...all.map(row)), make("p", {}, "They are kept in this browser and nowhere else. ", forget));
    },
  };

  function row(one) {
    const to = link(one.box.id, "to the question");
    if (!one.guess) return make("li", {}, "Not made yet: ", to, ".");
    const lines = one.groups.filter(group => one.chosen(group)).map(group => {
      const letter = one.chosen(group), right = group.letters.find(x => one.right.includes(x));
      const said = x => content(group.words[x], true);
      const what = letter === right ? [", and so it is: "] : [". What happens: ", ...said(right), " "];
      return make("p", {}, "You said ", make("strong", {}, ...said(letter)), ...what);
    });
    if (one.guess.said) lines.push(make("p", {}, one.guess.said));
    return make("li", {}, ...lines, to);
  }

  // ---- all questions of the page
  const all = [];
  for (const { page, questions } of lists) for (const one of questions) all.push(new Question(page, one));
  summary.update();

  function revealAll() {
    revealed = true;
    all.forEach(one => one.uncover());
  }
  function follow() {
    const name = location.hash.slice(1).split("?")[0];
    all.forEach(one => { if (one.figure.id === name) one.uncover(); });
  }
  addEventListener("keydown", event => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyR") { event.preventDefault(); revealAll(); }
  });
  addEventListener("load", () => all.forEach(one => one.walk(!one.veil)));   // the walks' script may come after this one
  addEventListener("hashchange", follow);
  follow();
})();
