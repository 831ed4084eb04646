"""Invented schools for calibration: what stands in their applications, and how their documents are drawn."""
