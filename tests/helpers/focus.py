"""Where the Tab key goes, and whether it is seen there: scripts that run in a page of any browser.

``PREPARE`` lists what Tab has to reach, in the order of the page, and starts to watch; then the test presses Tab;
``TRAIL`` says where the focus has been, and what is wrong with it there. ``UNSEEN`` needs no keys: it gives the focus
to one thing after the other, as a keyboard does.
"""

# an outline of the thing itself that no ancestor cuts off, or something else that changes when it has the focus
_SEEN = """
    const outline = e => {
        const circle = e.querySelector("circle");
        if (circle && parseFloat(getComputedStyle(circle).strokeWidth) >= 4) return "";
        const style = getComputedStyle(e), width = parseFloat(style.outlineWidth);
        if (style.outlineStyle === "none" || !width) return "it has no outline";
        const box = e.getBoundingClientRect(), out = parseFloat(style.outlineOffset) + width / 2;
        const sides = [box.left - out, box.top - out, box.right + out, box.bottom + out];
        for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
            const {overflowX, overflowY, position} = getComputedStyle(up);
            if (overflowX === "visible" && overflowY === "visible") continue;
            const edge = up.getBoundingClientRect();
            const cut = [sides[0] < edge.left, sides[1] < edge.top, sides[2] > edge.right, sides[3] > edge.bottom];
            if (cut.filter(Boolean).length > 1) return `its outline is cut off by ${named(up)}`;
        }
        return "";
    };
    const named = e => e.tagName.toLowerCase() + (e.id && "#" + e.id) + [...e.classList].map(c => "." + c).join("") +
        " " + (e.getAttribute("aria-label") || e.textContent).trim().replace(/\\s+/g, " ").slice(0, 40);
    const all = "a[href], button, input, select, textarea, summary, [tabindex]";
    // of a group of radio buttons: the chosen one, else the first
    const stop = ({name}) => [...document.getElementsByName(name)].sort((a, b) => b.checked - a.checked)[0];
    const reached = () => [...document.querySelectorAll(all)]
        .filter(e => e.tabIndex >= 0 && !e.matches(":disabled") && e.checkVisibility({visibilityProperty: true})
            && !e.closest("[inert]") && (e.tagName !== "SUMMARY" || e === e.parentElement.querySelector("summary"))
            && (e.type !== "radio" || e === stop(e)));
"""

PREPARE = f"""() => {{
    {_SEEN}
    const wanted = reached(), trail = [], unseen = [];
    window.focusTrail = {{wanted, trail, unseen, named}};
    addEventListener("focusin", ({{target}}) => {{
        trail.push(target);
        const wrong = outline(target);
        if (wrong) unseen.push(named(target) + ": " + wrong);
    }}, true);
    return wanted.length;
}}"""

TRAIL = """() => {
    const {wanted, trail, unseen, named} = focusTrail;
    let at = 0;
    for (const e of trail) if (e === wanted[at]) at++;
    return {reached: at, missed: at < wanted.length ? named(wanted[at]) : "", unseen};
}"""

UNSEEN = f"""async () => {{
    {_SEEN}
    const found = [];
    for (const e of reached()) {{
        e.focus({{focusVisible: true}});
        if (document.activeElement !== e) found.push(named(e) + ": it does not take the focus");
        else if (outline(e)) found.push(named(e) + ": " + outline(e));
    }}
    document.activeElement.blur();
    return found;
}}"""

# what is wider than its box and scrolls can be reached by Tab; the page's script sees to it a moment after a change
SCROLLS_BY_KEYBOARD = """() => [...document.querySelectorAll(
    ".katex-display, .highlight pre, .pst-scrollable-table-container, .cell_output pre")]
    .every(e => e.scrollWidth <= e.clientWidth + 1 || e.tabIndex === 0)"""
