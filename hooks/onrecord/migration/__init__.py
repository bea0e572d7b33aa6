"""Importing from other tools, and export away from ours."""
