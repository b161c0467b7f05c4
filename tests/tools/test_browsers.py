"""Browsers are found or fetched, on machines made up of a few commands in a folder; and what a run leaves out."""

import os
from pathlib import Path

import pytest

from tools.check import browsers, tests


class Machine:
    """A PATH of our own: commands are shell scripts; what is called is written down."""

    def __init__(self, folder: Path):
        self.folder, self.log, self.said = folder, folder / "log", []
        for name in ("env", "true"):
            (folder / name).symlink_to(Path("/usr/bin") / name)

    def has(self, name: str, script: str = "exit 0") -> Path:
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.log}\n{script}\n', "utf8")
        path.chmod(0o755)
        return path

    def called(self) -> list[str]:
        return self.log.read_text("utf8").splitlines() if self.log.exists() else []

    def ensure(self, browser=browsers.CHROMIUM) -> str | None:
        return browsers.ensure(browser, say=lambda text, flush: self.said.append(text))

    def makes(self, name: str) -> str:
        """Shell that puts a browser of this name on the machine."""
        path = self.folder / name
        return f"printf '#!/bin/sh\\nexit 0\\n' > {path}; /bin/chmod 755 {path}"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for browser in (browsers.CHROMIUM, browsers.FIREFOX):
        monkeypatch.delenv(browser.variable, raising=False)
    monkeypatch.setattr(browsers, "CACHE", tmp_path / "fetched")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browsers.sys, "executable", str(made.has("python", "exit 1")))  # playwright cannot fetch
    return made


@pytest.mark.parametrize("browser", [browsers.CHROMIUM, browsers.FIREFOX], ids=lambda b: b.name)
def test_a_browser_that_is_there_is_taken_and_nothing_fetched(machine, browser):
    for command in browser.commands[1:]:
        machine.has(command)
    machine.has("apt-get")
    assert machine.ensure(browser) == str(machine.folder / browser.commands[1])
    assert machine.said == [] and not any("apt-get" in line for line in machine.called())


def test_the_environment_names_a_browser(machine, monkeypatch):
    machine.has("chromium")
    monkeypatch.setenv("CHROMIUM", str(machine.has("mine")))
    assert machine.ensure() == str(machine.folder / "mine")


def test_root_on_debian_gets_it_from_apt(machine):
    machine.has("apt-get", f'case "$*" in *install*) {machine.makes("chromium")};; esac')
    assert machine.ensure() == str(machine.folder / "chromium")
    assert machine.said == ["no Chromium here: getting it from apt …"]
    assert machine.called() == ["apt-get -qq update", "apt-get -qq -y --no-install-recommends install chromium"]


def test_sudo_without_a_password_does_for_root(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.has("sudo", 'shift; exec "$@"')
    machine.has("apt-get", f'case "$*" in *install*) {machine.makes("firefox-esr")};; esac')
    assert machine.ensure(browsers.FIREFOX) == str(machine.folder / "firefox-esr")
    assert machine.called()[0] == "sudo -n true"


def test_a_sudo_that_asks_is_left_alone_and_playwright_fetches(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.has("sudo", "exit 1")
    machine.has("apt-get", machine.makes("chromium"))
    fetched = machine.folder / "fetched" / "chromium-1234" / "chrome-linux64" / "chrome"
    make = f"/bin/mkdir -p {fetched.parent}; printf '#!/bin/sh\\nexit 0\\n' > {fetched}; /bin/chmod 755 {fetched}"
    machine.has("python", f'test "$PLAYWRIGHT_BROWSERS_PATH" = {machine.folder}/fetched && {{ {make}; }}')
    assert machine.ensure() == str(fetched)
    assert not any(line.startswith("apt-get") for line in machine.called())
    assert machine.said == ["no Chromium here: getting it from playwright …"]
    assert machine.ensure() == str(fetched) and len(machine.said) == 1, "it is found the next time"


def test_a_command_that_is_no_browser_does_not_count(machine):
    machine.has("chromium-browser", "echo 'Command requires the chromium snap to be installed.'; exit 1")
    machine.has("apt-get", machine.makes("chromium"))
    assert machine.ensure() == str(machine.folder / "chromium")


def test_where_no_way_leads_to_it_there_is_none(machine):
    machine.has("apt-get", "exit 100")
    assert machine.ensure() is None
    assert [line.split()[0] for line in machine.called()] == ["apt-get", "python"]
    assert [said.split()[-2] for said in machine.said] == ["apt", "playwright"]


@pytest.mark.parametrize(("chromium", "firefox"), [(True, True), (True, False), (False, True), (False, False)])
def test_the_end_says_what_was_not_run_and_is_no_success(monkeypatch, capsys, chromium, firefox):
    there = {browsers.CHROMIUM: chromium, browsers.FIREFOX: firefox}
    monkeypatch.setattr(browsers, "ensure", lambda browser: "/bin/x" if there[browser] else None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    ran = []
    monkeypatch.setattr(tests, "run", lambda planned: (ran.extend(planned), ([], []))[1])
    with pytest.raises(SystemExit) as end:
        tests.main()
    told = capsys.readouterr().out
    for browser, here in there.items():
        assert (f"NOT RUN: the tests in {browser.name}" in told) != here
        assert (f"apt-get install {browser.package}" in told) != here
    assert end.value.code == (0 if chromium and firefox else 1)
    assert [name for name, _ in ran] == ["lint", "the live figures", "the library", "the book", "the pages in browsers"]
    chosen = ran[-1][1][0][-1]
    kinds = {"chromium": {"browser"}, "firefox": {"browser", "firefox"}, "built": {"built"}}
    selected = {kind for kind, marks in kinds.items() if _matches(chosen, marks)}
    assert selected == {"built", *["chromium"] * chromium, *["firefox"] * firefox}
    assert ("not browser" in ran[1][1][0]) != chromium, "the live figures' own tests are in Chromium"


def _matches(expression: str, marks: set[str]) -> bool:
    return eval(expression, {name: name in marks for name in ("browser", "firefox", "built", "lite")})


def test_a_failed_step_is_named(monkeypatch, capsys):
    monkeypatch.setattr(browsers, "ensure", lambda browser: "/bin/x")
    monkeypatch.setattr(os, "environ", dict(os.environ))
    planned = [("one", [["/bin/true"]]), ("two", [["/bin/false"], ["/bin/true"]]), ("three", [["/bin/true"]])]
    monkeypatch.setattr(tests, "steps", lambda *found: planned)
    with pytest.raises(SystemExit) as end:
        tests.main()
    told = capsys.readouterr().out
    assert end.value.code == 1 and told.endswith("failed: two\n") and told.count("FAILED") == 1
