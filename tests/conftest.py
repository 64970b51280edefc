"""Options of the test run."""


def pytest_addoption(parser):
    """Add the flag that changes golden results on purpose; read the diff afterwards."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden results")
    parser.addoption("--kills", type=int, default=2, help="how many builds are killed on purpose")
