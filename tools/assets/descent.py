"""The dots of the figure that opens the book, made here and kept: 200 draws at each number of samples, a minute or two.

python -m tools.assets.descent    writes renorm_book/descent/measurements.npz; a test makes some again and compares
"""

import numpy as np
from tqdm import tqdm

from renorm_book.descent import measurements as made


def mean_and_error(draws: list[np.ndarray]) -> np.ndarray:
    """(…, 2)"""
    draws = np.array(draws)
    return np.stack([draws.mean(axis=0), draws.std(axis=0, ddof=1) / np.sqrt(len(draws))], axis=-1)


def main() -> None:
    errors, shares = [], []
    for n in tqdm(made.SAMPLES):
        found = [made.one_draw(rng, n) for rng in np.random.default_rng(n).spawn(made.DRAWS)]
        errors.append(mean_and_error([one for one, _ in found]))
        shares.append(mean_and_error([one for _, one in found]))
    np.savez_compressed(made.KEPT, errors=np.float32(errors), shares=np.float32(shares))
    print(f"{made.KEPT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
