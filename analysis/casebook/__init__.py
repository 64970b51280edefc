"""Coded case studies: checked tables, agreement, comparison, and the paper made of them."""
