"""Imported first by the server of the steps: what it imports is no garbage, nor is any looked for.

Looking takes a sixth of the time of the imports. Each step, as a fork, looks again.
"""

import gc

gc.disable()
