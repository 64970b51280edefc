"""The commands of the front door, `analysis/make.py`; they need nothing but Python itself."""
