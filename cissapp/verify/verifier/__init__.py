"""The page in one file that checks certificates without any server."""
