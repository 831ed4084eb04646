"""Rules of the toolkit: which answers count, what a product still lacks, which rows fill a table, what comes first."""
