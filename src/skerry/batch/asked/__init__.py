"""What is asked: which maps, where they are, what they are called, with which options."""
