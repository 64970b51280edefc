"""What a study says: its codebook, its data package, its raw tables and its configuration."""
