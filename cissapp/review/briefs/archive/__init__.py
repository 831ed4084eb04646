"""A dossier, or all data of a school, as a BagIt archive."""
