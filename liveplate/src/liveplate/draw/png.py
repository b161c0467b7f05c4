"""Heat maps as small PNGs: a colour map has at most 256 colours, so a byte per pixel and a palette are enough."""

import base64
import io

import numpy as np

from liveplate.spec.errors import BakeError


def png_uri(pixels: np.ndarray) -> str:
    """``pixels`` (height, width, 4) uint8 as a data URI, with a palette where 256 colours suffice."""
    from PIL import Image

    pixels = np.ascontiguousarray(pixels)
    colours, index = np.unique(pixels.reshape(-1, 4), axis=0, return_inverse=True)
    out = io.BytesIO()
    if len(colours) <= 256:
        image = Image.fromarray(index.reshape(pixels.shape[:2]).astype(np.uint8), "P")
        image.putpalette(colours[:, :3].astype(np.uint8).tobytes())
        see_through = {"transparency": bytes(colours[:, 3].tolist())} if (colours[:, 3] < 255).any() else {}
        image.save(out, "png", optimize=True, **see_through)
    else:
        Image.fromarray(pixels).save(out, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def mesh_pixels(corners: np.ndarray, colours: np.ndarray) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """A ``pcolormesh`` as an image: pixels (top row first) and its box (left, bottom, right, top) in display units.

    corners : (rows + 1, columns + 1, 2) display coordinates.  colours : (rows · columns, 4) in [0, 1].
    Raises BakeError where the mesh is not an even, upright grid.
    """
    rows, columns = corners.shape[0] - 1, corners.shape[1] - 1
    xs, ys = corners[0, :, 0], corners[:, 0, 1]
    upright = np.allclose(corners[..., 0], xs) and np.allclose(corners[..., 1].T, ys)
    if not (upright and _even(xs) and _even(ys)):
        raise BakeError("pcolormesh on an uneven mesh (or a log axis): draw it with imshow on an even grid")
    pixels = (np.asarray(colours).reshape(rows, columns, 4) * 255).round().astype(np.uint8)
    pixels = pixels[::-1] if ys[-1] > ys[0] else pixels
    pixels = pixels[:, ::-1] if xs[-1] < xs[0] else pixels
    return pixels, (min(xs[0], xs[-1]), min(ys[0], ys[-1]), max(xs[0], xs[-1]), max(ys[0], ys[-1]))


def _even(edges: np.ndarray) -> bool:
    return np.allclose(np.diff(edges), (edges[-1] - edges[0]) / (len(edges) - 1), rtol=1e-3)
