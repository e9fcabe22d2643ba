"""The page that says what a batch came to, and its drawings."""
