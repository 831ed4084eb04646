"""The colours of all that is drawn, on paper and in pictures; the first ones are those of the pages."""

INK, SOFT, LINE, PRIMARY = "#1B2A2F", "#4E5D63", "#DDD8CD", "#0B5C6B"
WHITE, TINT, TRACK, ACCENT, WARM = "#FFFFFF", "#F6F3EC", "#E4E0D6", "#F2B84B", "#FFF8E8"
# The frame of a certificate and the faint copy of its seal: visible, but not distracting.
EDGE, ECHO = "#C8BFA9", "#EDF1F0"
BAD, BAD_GROUND, WATERMARK = "#A3261F", "#FBE9E7", "#FBEEEB"
MODULES = ("#0B5C6B", "#6B2F5B", "#34498A", "#9A3B1E", "#56641A")

# For text that flows over pages: a slightly darker line and background.
TEXT_LINE, TEXT_TINT = "#CFCABF", "#F3F0E9"

# Of a statement about a person, which must never look like the certificate of a school.
SLATE, SLATE_INK, SLATE_SOFT = "#3B4768", "#22262E", "#596072"
SLATE_LINE, SLATE_TINT, SLATE_WATERMARK = "#C9CEDA", "#EEF1F7", "#E9EBF1"
