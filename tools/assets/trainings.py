"""The networks of chapter 1, trained here: one of each for browsers, and what became of nine more for the error bars.

python -m tools.assets.trainings    four minutes; writes chapter 1's trainings.npz; a test trains some again
"""

import numpy as np

from renorm_book.chapter01 import trainings


def arguments(seed: int = 0, **settings) -> tuple:
    """The arguments of ``trainings._trained`` for one of EXPERIMENTS."""
    defaults = {"weight_decay": 0.0, "epochs": None} | settings
    return tuple(
        ({"seed": seed} | defaults)[name] for name in ("n", "width", "condition", "seed", "weight_decay", "epochs")
    )


def runs() -> list[tuple]:
    """The arguments of every training that is kept whole, for browsers."""
    return list(dict.fromkeys(arguments(**settings) for part in trainings.EXPERIMENTS.values() for settings in part))


def besides() -> dict[str, np.ndarray]:
    """The arrays of ``trainings.kept``."""
    settings, seeds = [(first, p) for first in trainings.OTHER_IMAGES for p in (0.0, 1.0)], range(trainings.DRAWS)
    epochs = [[trainings.epochs_elsewhere(*one, seed) for seed in seeds] for one in settings]
    missed = sum(trainings.missed(seed) for seed in seeds)
    return {"elsewhere": np.reshape(epochs, (2, 2, -1)).astype(np.uint8), "missed": missed.astype(np.uint8)}


def main() -> None:
    kept = {}
    for run in runs():
        history = trainings._trained(*run)
        kept[repr(run)] = np.array([history.loss, history.train_accuracy, history.test_accuracy], dtype=np.float32)
    for experiment, settings in trainings.EXPERIMENTS.items():
        ends = [
            [trainings.outcome(trainings._trained(*arguments(seed, **one))) for one in settings]
            for seed in range(1, trainings.DRAWS)
        ]
        kept[experiment] = np.array(ends, dtype=np.float32)
    kept |= besides()
    np.savez_compressed(trainings.KEPT, **kept)
    print(f"{len(runs())} trainings and the ends of nine times as many, {trainings.KEPT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
