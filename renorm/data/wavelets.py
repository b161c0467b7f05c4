"""Gabor wavelets of images: how much of an oriented wave each neighbourhood holds."""

import numpy as np

from renorm._numerics.validate import integer, positive, real_array

__all__ = ["gabor_features"]


def _wavelet(angle: float, frequency: float, width: float) -> np.ndarray:
    """A complex wave under a Gaussian window, (2 r + 1, 2 r + 1), made blind to constant images."""
    radius = int(np.ceil(3.5 * width))
    across, along = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    window = np.exp(-(across**2 + along**2) / (2 * width**2))
    wave = window * np.exp(1j * frequency * (across * np.cos(angle) + along * np.sin(angle)))
    return wave - window * (wave.sum() / window.sum())


def gabor_features(images, orientations: int = 8, frequency: float = 1.2, width: float = 2.0, pool: int = 4):
    """|wavelet response|, averaged over blocks of pool × pool pixels, for each orientation, as rows of features.

    images : (n, height, width).  frequency : radians per pixel.  width : standard deviation of the window in pixels.
    Outside the image is black. Returns (n, orientations · height/pool · width/pool). Convolutions by FFT.
    Source: the representation is Gabor's; these parameters are ours.

    Raises ValueError unless images has three axes and pool divides both sides.

    >>> stripes = np.tile(np.cos(1.2 * np.arange(28.0)), (28, 1))     # a wave from left to right
    >>> gabor_features([stripes], orientations=4).reshape(4, 49).mean(axis=1).argmax()
    np.int64(2)
    """
    images = real_array("images", images)
    if images.ndim != 3 or 0 in images.shape:
        raise ValueError(f"images has shape {images.shape}: must be (n, height, width)")
    orientations, pool = integer("orientations", orientations), integer("pool", pool)
    frequency, width = float(positive("frequency", frequency)), float(positive("width", width))
    count, rows, columns = images.shape
    if rows % pool or columns % pool:
        raise ValueError(f"pool = {pool}: must divide the image size, {rows} × {columns}")
    features = np.empty((count, orientations, rows // pool, columns // pool))
    for k in range(orientations):
        wavelet = _wavelet(np.pi * k / orientations, frequency, width)
        radius = len(wavelet) // 2
        size = (rows + 2 * radius, columns + 2 * radius)
        spectrum = np.fft.fft2(wavelet, s=size)
        for start in range(0, count, 500):
            part = images[start : start + 500]
            response = np.fft.ifft2(np.fft.fft2(part, s=size) * spectrum)
            response = np.abs(response[:, radius : radius + rows, radius : radius + columns])
            blocks = response.reshape(len(part), rows // pool, pool, columns // pool, pool)
            features[start : start + 500, k] = blocks.mean(axis=(2, 4))
    return features.reshape(count, -1)
