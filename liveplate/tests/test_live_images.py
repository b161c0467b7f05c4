"""Pictures inside live figures lie where matplotlib puts them, the right way up."""

import base64
import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from liveplate.draw.recorder import Recorder


@pytest.mark.parametrize("origin", ["upper", "lower"])
@pytest.mark.parametrize("shape", [(8, 8), (3, 7)])
def test_an_image_fills_its_axes(shape, origin):
    values = np.arange(np.prod(shape), dtype=float).reshape(shape)
    figure = Figure((4, 3), dpi=100)
    ax = figure.add_subplot()
    drawn = ax.imshow(values, origin=origin, interpolation="none")
    recorder = Recorder(400, 300, 100)
    figure.draw(recorder)
    (image,) = [prim for slot in recorder.slots.values() for prim in slot if prim.kind == "i"]
    box = ax.get_window_extent()
    np.testing.assert_allclose(image.vertices[0], [box.x0, 300 - box.y1], atol=0.6)  # matplotlib rounds to pixels
    np.testing.assert_allclose(image.face, [box.width, box.height], atol=0.6)
    png = Image.open(io.BytesIO(base64.b64decode(image.body.split(",")[1]))).convert("RGB")
    top_row = values[0] if origin == "upper" else values[-1]
    expected = 255 * drawn.cmap(drawn.norm(top_row))[:, :3]
    np.testing.assert_allclose(np.asarray(png)[0], expected, atol=1)
