"""Writes files that an office programme opens: texts as DOCX, tables as XLSX."""
