"""The multiverse: the interpreted solutions under every defensible combination of choices."""
