"""High-dimensional ridge regression and its renormalization, with the experiments that test the theory.

The functions used most are importable from here, ``from renorm import ridge_risk, power_law``; each is loaded, with
its module, when it is first asked for, so that ``import renorm`` itself costs nothing.
"""

import sys
from importlib import import_module

from renorm._version import __version__ as __version__

_HOMES = {
    "theory.population": ["Population", "from_kernel", "isotropic", "power_law", "spiked"],
    "theory.ridge": ["RidgeRisk", "degrees_of_freedom", "renormalized_ridge", "ridge_risk"],
    "theory.optimal": ["optimal_ridge"],
    "theory.random_matrices": [
        "marchenko_pastur_density",
        "marchenko_pastur_support",
        "measured_renormalized_ridge",
        "spectral_density",
        "stieltjes_transform",
        "wishart_s_transform",
    ],
    "theory.random_features": ["random_feature_risk"],
    "theory.renormalization": ["dyson_iteration", "integrate_out"],
    "theory.kernels": ["gaussian_kernel", "kernel_ridge"],
    "theory.learning_curves": ["learning_curve", "predict_learning_curve"],
    "theory.cross_validation": ["generalized_cross_validation", "leave_one_out"],
    "networks.mlp": ["MLP", "train"],
    "networks.memorizing": ["memorizing_network"],
    "data.images": ["corrupt_labels", "gaussian_pixels", "load_images", "random_pixels", "shuffle_pixels"],
    "theory.shifted": ["shifted_risk"],
    "experiments.forecasting": ["forecast"],
    "experiments.sampling": ["sample"],
    "experiments.solver": ["centred", "ridge_fits", "ridge_path"],
    "experiments.ridge": ["ridge_experiment"],
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)

if sys.platform == "emscripten":  # in a browser there are no threads, of which tqdm's monitor would warn the reader
    import_module("tqdm").tqdm.monitor_interval = 0


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'renorm' has no attribute {name!r}")
    return getattr(import_module(f"renorm.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
