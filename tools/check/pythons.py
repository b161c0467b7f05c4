"""The library's tests and three chapters under the Python that runs this: `make test-pythons` does so for each.

The chapters are executed afresh and their outputs thrown away: the cache that pages are made of is not touched.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.build import notebooks

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = (
    "02-what-the-bounds-say",
    "06-random-matrices",
    "12-a-forecast-for-your-own-data",
)  # many packages, little time
TESTS = ["-m", "pytest", "-q", "-n", "2", "-m", "not browser and not built", "renorm", "tests/renorm"]


def main() -> None:
    print(f"── Python {sys.version.split()[0]} ──", flush=True)
    failed = subprocess.run([sys.executable, *TESTS], cwd=ROOT).returncode != 0
    with tempfile.TemporaryDirectory() as folder:
        notebooks.CACHE = Path(folder)
        runs = notebooks.execute_all([ROOT / "notebooks" / f"{name}.ipynb" for name in CHAPTERS])
    problems = [problem for run in runs for problem in run.problems]
    print("\n".join(problems))
    sys.exit(1 if failed or problems else 0)


if __name__ == "__main__":
    main()
