"""A reader's visit to a chapter in the browser: open it, run all cells, move a slider; clock and requests are noted."""

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from tools.check import chromium

# Whoever asks for another machine gets no answer, and is seen by the request that failed.
ALONE = [*chromium.ARGUMENTS, "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-extensions"]
RUN = re.compile("^Run All Cells")
STDERR = ".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']"
ERROR = "[data-mime-type='application/vnd.jupyter.error']"
PICTURE = ".jp-OutputArea-output :is(svg[role=img], img)"
PROGRESS = re.compile(r"\d+%\||\bit/s\b|\bs/it\b")  # a bar of tqdm
COUNT_CELLS = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].filter(c => c.querySelector('.cm-content'));
  return [cells.length, cells.filter(c => /\\d/.test(c.querySelector('.jp-InputPrompt').innerText)).length,
          cells.filter(c => /\\*/.test(c.querySelector('.jp-InputPrompt').innerText)).length];
}"""
KERNEL = """const { kernels, sessions } = window.jupyterapp.serviceManager;
  const session = sessions.connectTo({ model: [...sessions.running()][0] });"""
IN_KERNEL = f"""async code => {{
  {KERNEL}
  let printed = '';
  const future = session.kernel.requestExecute({{ code }});
  future.onIOPub = message => {{ printed += message.content.text ?? message.content.evalue ?? ''; }};
  const reply = await future.done;
  session.dispose();
  return {{ status: reply.content.status, printed, kernels: [...kernels.running()].length }};
}}"""
COMPLETE = f"""async code => {{
  {KERNEL}
  const reply = await session.kernel.requestComplete({{ code, cursor_pos: code.length }});
  session.dispose();
  return reply.content.matches;
}}"""
# From the reader's key or press of the mouse to the frame after the one in which another picture is painted.
WATCH = """figure => {
  const place = figure.closest('.jp-OutputArea-output');
  const picture = () => place.querySelector('svg[role=img], img');
  const before = picture();
  let started;
  window.waited = null;
  for (const event of ['keydown', 'pointerdown'])
    document.addEventListener(event, () => { started ??= performance.now(); }, {once: true, capture: true});
  const watcher = new MutationObserver(() => {
    const now = picture();
    if (started === undefined || !now || now === before) return;
    watcher.disconnect();
    const note = () => { window.waited = performance.now() - started; };
    const painted = () => requestAnimationFrame(() => setTimeout(note));
    now.decode ? now.decode().then(painted) : painted();
  });
  watcher.observe(place, {childList: true, subtree: true, attributes: true});
}"""


@dataclass
class Visit:
    """What was seen: addresses asked for, messages of the console, seconds since the address was entered."""

    page: object
    requests: list[str]
    console: list[str] = field(default_factory=list)
    started: float = 0.0

    def open(self, url: str) -> float:
        """Enter the address; seconds until the notebook is shown."""
        self.started = time.monotonic()
        self.page.goto(url, wait_until="commit")
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
        return self.elapsed()

    def elapsed(self) -> float:
        return round(time.monotonic() - self.started, 2)

    def run_all(self) -> float:
        """Choose Run, Run All Cells, again where the page did not take it yet; seconds when cells began to run."""
        while True:
            self.page.get_by_role("menuitem", name="Run", exact=True).first.click()
            self.page.get_by_role("menuitem", name=RUN).first.click()
            deadline = time.monotonic() + 1.5
            while time.monotonic() < deadline:
                _, done, waiting = self.page.evaluate(COUNT_CELLS)
                if done or waiting:
                    return self.elapsed()
                self.page.wait_for_timeout(50)

    def in_kernel(self, code: str) -> dict:
        """Let the notebook's kernel execute code: status, what was printed or the error, and how many kernels run."""
        return self.page.evaluate(IN_KERNEL, code)

    def completions(self, code: str) -> list[str]:
        """What the kernel offers to complete the code with."""
        return self.page.evaluate(COMPLETE, code)

    def first_picture(self, timeout: float = 300) -> float:
        """Seconds when the first figure was there."""
        self.page.wait_for_function(
            "s => { const i = document.querySelector(s); return i && i.complete !== false && i.clientWidth }",
            arg=PICTURE,
            timeout=timeout * 1000,
            polling=50,
        )
        return self.elapsed()

    def wait_until_done(self, timeout: float = 600) -> float:
        """Seconds when all cells had run, or one had raised."""
        self.page.wait_for_function(
            f"error => {{ const [all, done, waiting] = ({COUNT_CELLS})();"
            " return !waiting && (done === all || document.querySelector(error)); }",
            arg=ERROR,
            timeout=timeout * 1000,
            polling=100,
        )
        return self.elapsed()

    def errors(self) -> list[str]:
        """Cells that raised, and what was printed on stderr, progress bars apart."""
        lines = "\n".join(self.page.locator(f"{ERROR}, {STDERR}").all_inner_texts()).splitlines()
        return [line for line in lines if line.strip() and not PROGRESS.search(line)]

    def try_slider(self, presses: int = 8) -> list[float]:
        """Move the first slider up and down by keys; milliseconds of each, until another picture was painted."""
        handle = self.page.locator(".noUi-handle").first
        handle.scroll_into_view_if_needed()
        handle.focus()
        return [
            self.waited(handle, lambda key=key: self.page.keyboard.press(key))
            for key in ("ArrowRight", "ArrowLeft") * (presses // 2)
        ]

    def waited(self, slider, act) -> float:
        """Milliseconds from what ``act`` does to a slider until its figure shows another picture."""
        slider.evaluate(WATCH)
        act()
        self.page.wait_for_function("window.waited !== null", timeout=30_000, polling=20)
        return round(self.page.evaluate("window.waited"))


@contextmanager
def visiting(browser_type, profile: str):
    """A Chromium with a profile of its own; every request of pages, workers and service workers is noted."""
    context = browser_type.launch_persistent_context(
        profile, executable_path=chromium.find(), args=ALONE, viewport={"width": 1200, "height": 900}
    )
    requests = []
    context.on("request", lambda request: requests.append(request.url))

    def visit() -> Visit:
        seen = Visit(context.new_page(), requests)
        seen.page.on("console", lambda m: seen.console.append(f"{m.type}: {m.text}"))
        seen.page.on("pageerror", lambda error: seen.console.append(f"pageerror: {error}"))
        return seen

    try:
        yield visit
    finally:
        context.close()
