"""Layers of the room 'activation': see layers.py."""
ENTRIES = {}
