"""The publication record as every catalogue wants it: one reading, one module per format."""
