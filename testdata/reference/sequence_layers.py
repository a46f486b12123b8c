"""Layers of the room 'sequence': see layers.py."""
ENTRIES = {}
