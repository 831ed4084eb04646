"""What ministries see: figures of regions and countries. Reads only; no scores, no documents, no people."""
