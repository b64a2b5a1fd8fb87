"""Doors: what officers do about flags, and what everybody may know of them."""
