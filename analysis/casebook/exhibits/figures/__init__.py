"""Figures: functions that take results and the codebook, draw, and return a figure.

Each figure is drawn at the width at which it is printed. Colours and labels come from the
codebook; everything else about the look stands in `paper.mplstyle`.
"""
