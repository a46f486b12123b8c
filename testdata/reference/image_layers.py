"""Layers of the room 'image': see layers.py."""
ENTRIES = {}
