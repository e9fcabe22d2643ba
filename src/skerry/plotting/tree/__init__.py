"""The merge tree as a picture: its branches chosen, laid out and drawn."""
