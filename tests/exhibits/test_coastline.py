import numpy as np
import pytest

from casebook.exhibits.figures.coastline import coastlines, equal_earth


def test_equal_earth_gives_the_value_of_proj():
    """The manual of PROJ: 122°E 47°N on a globe of radius 1 is at 1.55, 0.89."""
    x, y = equal_earth(np.array([122.0]), np.array([47.0]))
    assert (round(float(x[0]), 2), round(float(y[0]), 2)) == (1.55, 0.89)


@pytest.mark.parametrize("latitude", [0.0, 30.0, -45.0, 70.0])
def test_equal_earth_keeps_areas(latitude):
    """A cell of one degree has the area that it has on the globe."""
    edge = 0.5
    longitude = np.array([-edge, edge, edge, -edge])
    latitudes = latitude + np.array([-edge, -edge, edge, edge])
    x, y = equal_earth(longitude, latitudes)
    area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
    bands = np.diff(np.sin(np.radians([latitude - edge, latitude + edge])))[0]
    assert area == pytest.approx(np.radians(1) * bands, rel=1e-3)


def test_coastlines_are_land_polygons_in_degrees():
    """The continents are there, small islands and the far south are not."""
    shapes = coastlines()
    assert 50 < len(shapes) < 400
    assert len(coastlines(smallest=1e6)) < 10
    points = np.concatenate(shapes)
    assert np.abs(points[:, 1]).max() <= 90
    assert np.abs(points[:, 0]).max() <= 181
