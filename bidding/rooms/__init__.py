"""Live rooms: one per auction and process, with one writer and any number of watchers (DESIGN §4)."""
