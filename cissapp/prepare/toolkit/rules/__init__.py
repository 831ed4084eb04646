"""Rules of the toolkit: valid answers, what a product still lacks, rows of tables, what comes first."""
