"""The monitoring report on paper: what it is made of, its plots, its pages."""
