"""Invented schools for calibration: what stands in their dossiers, and how their documents are drawn."""
