"""Invented schools for calibration: what their applications contain, and how their documents are drawn."""
