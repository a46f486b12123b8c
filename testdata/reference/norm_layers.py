"""Layers of the room 'norm': see layers.py."""
ENTRIES = {}
