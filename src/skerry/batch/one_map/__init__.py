"""The work on one map, pure: read it, find its regions, pack what is kept of it."""
