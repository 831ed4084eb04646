"""Figures of regions and countries, now and for each month, with small ones hidden."""
