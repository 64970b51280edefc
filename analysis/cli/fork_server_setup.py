"""Imported first by the server of the steps: what it imports is no garbage, nor is any looked for.

Looking takes a sixth of the time of the imports. Each step, as a fork, looks again. An interrupt
(Ctrl-C) is for Snakemake and the steps, and must not break an import.
"""

import gc
import signal

gc.disable()
signal.signal(signal.SIGINT, signal.SIG_IGN)
