"""Layers of the room 'image': see layers.py."""
import pooling_layers

ENTRIES = {}
ENTRIES.update(pooling_layers.ENTRIES)
