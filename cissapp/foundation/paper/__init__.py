"""Everything that draws PDF files: fonts, colours, text, canvases, flowing pages, and how a file is finished.

| file | holds |
|---|---|
| `fonts` | the Noto faces, opened once |
| `colours` | the colours of everything that is drawn |
| `text` | plain text: what can be printed, where a line breaks |
| `canvas` | a page that is drawn piece by piece, and one that is tagged for screen readers |
| `svg`, `outlines` | the same drawing as a picture on a page; pictograms, kept as path data |
| `qr` | QR codes, on paper and as SVG |
| `markdown_trees` | the Markdown of a text as a tree, for any renderer |
| `styles`, `pieces`, `markdown`, `pages` | text that flows over as many pages as it takes, tagged |
| `structure`, `archive`, `metadata` | the written file: its tree, its archival form, its metadata |

Only this room imports ReportLab. It draws nothing of its own: the rooms above decide on the layout.
"""
