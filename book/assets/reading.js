/* Which chapters have been read, and where the reader left off. Kept in this browser and nowhere else, and only where
   the browser keeps anything; the first page says where to go on, and has a button that forgets all of it. */
(() => {
  const KEY = "why-massive-models-generalize:reading";
  const MINUTE = 60_000;
  const opened = Date.now();

  const kept = () => {
    const state = { read: {}, last: null };
    try {
      const { read, last } = JSON.parse(localStorage.getItem(KEY)) ?? {};
      if (read && typeof read === "object") state.read = read;
      if (last && isChapter(last.page)) state.last = last;
    } catch {
      // nothing is kept here, or what was is spoilt
    }
    return state;
  };
  const keep = (state) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // a browser that keeps nothing: the pages are the same, without memory
    }
  };
  const forget = () => {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // nothing was kept
    }
  };

  // the name of a page, "notebooks/05-double-descent", from any address of it
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  const pageOf = (address) => {
    const path = new URL(address, location.href).pathname;
    return path.startsWith(root.pathname) ? path.slice(root.pathname.length).replace(/\.html$/, "") : "";
  };
  const isChapter = (page) => /^notebooks\/\d\d-[\w-]+$/.test(page);
  const here = pageOf(location.href);
  const words = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".headerlink, .section-number, .for-ears").forEach((part) => part.remove());
    return copy.textContent.trim();
  };

  const mark = () => {
    const { read } = kept();
    for (const link of document.querySelectorAll("nav.bd-links a, .chapter-map a")) {
      const done = Boolean(read[pageOf(link.href instanceof Object ? link.href.baseVal : link.href)]);
      if (done === link.classList.contains("was-read")) continue;
      link.classList.toggle("was-read", done);
      if (link.closest("svg")) continue;
      if (done) link.insertAdjacentHTML("beforeend", '<span class="for-ears"> (read)</span>');
      else link.querySelector(".for-ears")?.remove();
    }
  };

  const notice = () => {
    const article = document.querySelector("article.bd-article");
    const title = article.querySelector("h1");
    const passed = [...article.querySelectorAll("section > h2")].filter(
      (heading) => heading.getBoundingClientRect().top < innerHeight * 0.4);
    if (!passed.length) return;
    const state = kept();
    const heading = passed.at(-1);
    const last = { page: here, title: words(title), place: heading.parentElement.id, heading: words(heading) };
    const end = article.lastElementChild.getBoundingClientRect().bottom < innerHeight * 1.5;
    if (end && Date.now() - opened >= MINUTE) {
      state.read[here] = true;
      const next = document.querySelector("a.right-next");
      const follows = next && pageOf(next.href);
      state.last = follows && isChapter(follows) && !state.read[follows]
        ? { page: follows, title: words(next.querySelector(".prev-next-title")), place: "", heading: "" } : null;
    } else if (!state.read[here] || !end) {
      state.last = last;
    }
    keep(state);
    mark();
  };

  const goOn = () => {
    const { read, last } = kept();
    const count = Object.keys(read).length;
    const title = document.querySelector("article.bd-article h1");
    if (!title || (!count && !last)) return;
    const line = document.createElement("p");
    line.className = "left-off";
    if (last) {
      const link = document.createElement("a");
      link.href = new URL(`${last.page}.html${last.place ? `#${last.place}` : ""}`, root).href;
      const place = last.heading ? `${last.title}, ${last.heading}` : last.title;
      link.textContent = last.place ? `Continue where you left off: ${place}` : `Continue with ${place}`;
      line.append(link);
    } else {
      line.append(count === 1 ? "You have read one chapter." : `You have read ${count} chapters.`);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Forget what I have read";
    button.addEventListener("click", () => {
      forget();
      mark();
      line.setAttribute("role", "status");
      line.textContent = "Forgotten.";
    });
    line.append(button);
    title.after(line);
  };

  mark();
  if (here === "index" || here === "" || here === "book/welcome") goOn();
  if (!isChapter(here)) return;
  let waiting = 0;
  addEventListener("scroll", () => {
    clearTimeout(waiting);
    waiting = setTimeout(notice, 300);
  }, { passive: true });
  // who reads the end for a while without scrolling has read it
  setTimeout(notice, MINUTE + 1000);
})();
