"""Every control of every live figure of a page, moved by a script in the page: any browser can run it.

``SWEEP`` is an async JavaScript function of ``{most, seed}``. Each control is set, as a reader's input would set it, to
both ends and to values between, in all at most ``most`` of them, the others at their default. After each move the
figure must come to rest on the state that was asked for and look different from before, and after the last it must
look as it did at first. Lines glide in the first move of each figure only; then the page is told that motion is to be
reduced. It returns a row for each control (see ``rows``).
"""

from collections.abc import Iterable
from statistics import median
from typing import NamedTuple

SWEEP = """async ({most, seed}) => {
    const frame = () => new Promise(requestAnimationFrame), late = 20000;
    const random = () => {  // mulberry32
        let t = seed += 0x6D2B79F5;
        t = Math.imul(t ^ t >>> 15, t | 1);
        t ^= t + Math.imul(t ^ t >>> 7, t | 61);
        return ((t ^ t >>> 14) >>> 0) / 4294967296;
    };
    const shown = e => e.tagName + e.textContent + [...e.attributes].filter(a => a.name !== "style")
        .map(a => a.name + "=" + a.value).sort().join("|");
    const look = f => [...f.querySelectorAll("svg.live-picture :is(path, text, image)")]
        .filter(e => e.style.display !== "none").map(shown).join("\\n");
    const places = e => {
        if (e.type === "checkbox") return [0, 1];
        const all = e.tagName === "SELECT" ? [...e.options].map((_, i) => i) : [...Array(+e.max + 1).keys()];
        while (all.length > most) all.splice(1 + Math.floor(random() * (all.length - 2)), 1);
        return all;
    };
    const really = matchMedia, rows = [];
    for (const f of document.querySelectorAll("figure.live")) {
        await f.live.load();
        if (!f.live.payload) {
            rows.push([f.id, "", 0, 0, 1, 0, 0, 0, f.querySelector(".live-problem").textContent]);
            continue;
        }
        const live = f.live, step = live.step, first = look(f);
        let times = [];
        live.step = function (...given) {   // one frame: the script, and the layout that it asks for
            const start = performance.now();
            step.apply(this, given);
            f.getBoundingClientRect();
            times.push(performance.now() - start);
        };
        const move = async (k, place) => {
            const e = live.inputs[k], wanted = live.state();
            wanted[k] = place;
            if (e.type === "checkbox") e.checked = !!place; else e.value = place;
            e.dispatchEvent(new Event("input", {bubbles: true}));
            const start = performance.now();
            let frames = 0;
            do { await frame(); frames++; }
            while ((f.dataset.state !== "" + wanted || live.glide) && performance.now() - start < late);
            return f.dataset.state === "" + wanted ? frames : 0;
        };
        for (let k = 0; k < live.inputs.length; k++) {
            const e = live.inputs[k], initial = live.state()[k];
            const row = [f.id, e.name, 0, 0, 0, 0, 0, 0, ""];   // as in Row
            const go = async place => {
                if (place === live.state()[k]) return;
                const before = look(f), said = live.$("readout").textContent;
                const frames = await move(k, place), after = look(f);
                row[2]++;
                if (!frames) row[4]++;
                if (before !== after) row[3]++;
                else if (said === live.$("readout").textContent) row[8] += ` nothing happens at ${live.state()};`;
                if (!row[5]) row[5] = frames;
                window.matchMedia = query => query.includes("motion") ? {matches: true} : really.call(window, query);
            };
            for (const place of places(e)) await go(place);
            await go(initial);
            await frame();
            if (look(f) !== first) row[8] += " it does not return to what it was;";
            times.sort((a, b) => a - b);
            row[6] = times[times.length >> 1] || 0;
            row[7] = times.at(-1) || 0;
            times = [];
            rows.push(row);
        }
        live.step = step;
        window.matchMedia = really;
    }
    return rows;
}"""


class Row(NamedTuple):
    """What one control did."""

    figure: str
    control: str
    moves: int
    changed: int  # moves after which the picture was another one
    restless: int  # moves after which the figure did not come to rest on the state asked for
    frames: int  # of its first move
    usual: float  # milliseconds that script and layout need for one frame, the median
    slowest: float
    problem: str


def rows(found: Iterable[list]) -> list[Row]:
    return [Row(*row) for row in found]


def problems(swept: Iterable[Row]) -> list[str]:
    """What is wrong: a control that does nothing, one that the figure does not follow, a picture that is lost."""
    said = []
    for row in swept:
        where = f"{row.figure}, {row.control}:"
        if row.problem:
            said.append(f"{where} {row.problem}")
        if not row.changed:
            said.append(f"{where} dead, {row.moves} moves changed nothing")
        if row.restless:
            said.append(f"{where} not at rest after {row.restless} of {row.moves} moves")
    return said


def summary(swept: list[Row]) -> str:
    """One line: what was moved, what is dead, how long a frame took."""
    dead = sum(not row.changed for row in swept)
    usual, slowest = median(row.usual for row in swept), max(row.slowest for row in swept)
    moves = sum(row.moves for row in swept)
    return (
        f"{len(swept):3d} controls, {moves:5d} moves, {dead} dead; frames: median {usual:.1f}, slowest {slowest:.1f} ms"
    )
