"""The folder of a batch: its lock, what earlier runs left, the tables, label images, record."""
