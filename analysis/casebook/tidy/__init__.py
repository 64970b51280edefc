"""Raw tables, checked against what describes them and against each other, made tidy."""
