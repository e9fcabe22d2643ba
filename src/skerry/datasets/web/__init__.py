"""Ask a server: one host, within a deadline, tried again, checked."""
