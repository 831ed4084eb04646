"""Writes of this room: erasure requests, erasures, and timely deletion."""
