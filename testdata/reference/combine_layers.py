"""Layers of the room 'combine': see layers.py."""
ENTRIES = {}
