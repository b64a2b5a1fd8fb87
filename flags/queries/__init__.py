"""Reads: the windows that rules look at, and flags as officers and everybody see them."""
