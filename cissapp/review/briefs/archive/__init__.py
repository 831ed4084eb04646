"""An application, or all data of a school, as a BagIt archive."""
