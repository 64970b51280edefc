"""Results as readers see them: figures with alternative texts, and tables."""
