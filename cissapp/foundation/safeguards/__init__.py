"""Watches that no child's data comes in: signs in texts and pictures, and a plain warning."""
