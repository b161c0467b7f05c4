"""The networks of chapter 1, trained here and kept for browsers, where training all of them would take five minutes.

python -m tools.assets.trainings    writes chapter 1's trainings.npz; a test trains some again and compares
"""

from itertools import product

import numpy as np

from renorm_book.chapter01 import figures


def runs() -> list[tuple]:
    """The arguments of every training that the chapter's figures show, in the order of ``figures._trained``."""
    grid = [(n, width, p, 0, 0.0, None) for n, width, p in product(figures.SIZES, figures.WIDTHS, figures.CORRUPTIONS)]
    run = figures.CONDITION_RUN
    six = [
        (run["n"], run["width"], condition, seed, 0.0, None)
        for condition, seed in product(figures.CONDITIONS.values(), figures.SEEDS)
    ]
    run = figures.DECAY_RUN
    decay = [
        (run["n"], run["width"], p, 0, rate, run["epochs"])
        for p, rate in product(figures.DECAY_CORRUPTIONS, figures.DECAYS)
    ]
    return list(dict.fromkeys(grid + six + decay))


def main() -> None:
    kept = {}
    for arguments in runs():
        history = figures.trained(*arguments)
        kept[repr(arguments)] = np.array(
            [history.loss, history.train_accuracy, history.test_accuracy], dtype=np.float32
        )
    np.savez_compressed(figures.KEPT, **kept)
    print(f"{len(kept)} trainings, {figures.KEPT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
