"""The commands of `analysis/make.py`; they need nothing but Python itself."""
