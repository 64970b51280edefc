"""What the scores show: frames and configuration in, result tables out."""
