"""Random features from ten to thousands, for chapter 5's *Why larger is better*: simulated here and kept.

python -m tools.assets.size    writes renorm_book/chapter05/size.npz in two minutes; a test makes some again
"""

import numpy as np
from tqdm import tqdm

from renorm_book.chapter05 import size as made
from tools.assets.descent import mean_and_error


def main() -> None:
    toy = []
    for width in tqdm(made.WIDTHS):
        toy.append(
            mean_and_error([made.one_draw(rng, width) for rng in np.random.default_rng(width).spawn(made.DRAWS)])
        )
    draws = np.array([made.digits(rng) for rng in tqdm(np.random.default_rng(0).spawn(made.DIGIT_DRAWS))])
    best = draws.mean(axis=0).argmin(axis=-1)  # of all penalties, on average over the draws
    at_best = np.take_along_axis(draws, best[None, ..., None], axis=-1)
    shown = np.concatenate([draws[..., [0, made.DIGIT_FIXED]], at_best], axis=-1)
    steps = mean_and_error(np.diff(at_best[..., 0], axis=1))
    kept = {"toy": toy, "digits": mean_and_error(shown), "steps": steps}
    np.savez_compressed(made.KEPT, **{name: np.float32(array) for name, array in kept.items()})
    print(f"{made.KEPT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
