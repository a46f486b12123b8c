"""Layers of the room 'image': see layers.py."""
import pooling_layers
import resizing_layers

ENTRIES = {}
ENTRIES.update(pooling_layers.ENTRIES)
ENTRIES.update(resizing_layers.ENTRIES)
