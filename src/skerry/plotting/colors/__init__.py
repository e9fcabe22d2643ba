"""Which colours values, signs, labels and regions get."""
