"""The numbers of the text: where each comes from, what it counts, and that none is typed."""
