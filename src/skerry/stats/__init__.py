"""What a statistic is worth: p values, corrections, enhancement, true discoveries."""
