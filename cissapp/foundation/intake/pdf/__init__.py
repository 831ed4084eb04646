"""PDF: what stands outside of its objects, the objects, the streams, the text."""
