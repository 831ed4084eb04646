"""One text as an editable file, as PDF and as a page; tables as workbooks with their formulas.

| file | holds |
|---|---|
| `filling` | puts the values of a school into a text; knows which are missing, and the facts behind each |
| `manuscripts` | a text with its title, as DOCX, as tagged PDF, as HTML, as plain text |
| `pdf_files` | the PDF file of a manuscript; `printing` draws it |
| `documents` | the DOCX file of a manuscript |
| `workbooks` | a table as XLSX, and as a manuscript |

Only this room imports python-docx. The rooms above and `modules/toolkit/` decide what a text says.
"""
