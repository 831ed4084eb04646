"""Why a file is rejected, and what its sender should know about a file that is accepted."""

from enum import StrEnum


class RejectionReason(StrEnum):
    """Why a file is rejected: one cause, one reason."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NAME = "name"
    NAME_DISAGREES = "name_disagrees"
    PICTURE = "picture"
    OLD_WORD = "old_word"
    OLD_OFFICE = "old_office"
    LOCKED_OFFICE = "locked_office"
    RICH_TEXT = "rich_text"
    WEB_PAGE = "web_page"
    PROGRAM = "program"
    ARCHIVE = "archive"
    UNKNOWN_KIND = "unknown_kind"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    TEMPLATE = "template"
    OTHER_OPENDOCUMENT = "other_opendocument"
    TWO_KINDS = "two_kinds"
    VIRUS = "virus"
    NOT_CHECKED = "not_checked"
    NOT_SCANNED = "not_scanned"

    PDF_DAMAGED = "pdf_damaged"
    PDF_JUNK_BEFORE = "pdf_junk_before"
    PDF_CUT_OFF = "pdf_cut_off"
    PDF_JUNK_AFTER = "pdf_junk_after"
    PDF_LOCKED = "pdf_locked"
    PDF_SCRIPT = "pdf_script"
    PDF_PROGRAM_START = "pdf_program_start"
    PDF_SENDS_FORM = "pdf_sends_form"
    PDF_IMPORTS_DATA = "pdf_imports_data"
    PDF_OTHER_FILE = "pdf_other_file"
    PDF_FILM = "pdf_film"
    PDF_EMBEDDED = "pdf_embedded"
    PDF_XFA = "pdf_xfa"
    PDF_ACTS_ALONE = "pdf_acts_alone"
    PDF_OPENS_WITH_ACTION = "pdf_opens_with_action"
    PDF_UNKNOWN_ACTION = "pdf_unknown_action"
    PDF_NO_PAGES = "pdf_no_pages"
    PDF_TOO_MANY_PAGES = "pdf_too_many_pages"
    PDF_PAGE_SIZE = "pdf_page_size"
    PDF_FILTER = "pdf_filter"
    PDF_POSTSCRIPT = "pdf_postscript"

    LINK = "link"
    UNPACKS_HUGE = "unpacks_huge"
    NESTED_TOO_DEEP = "nested_too_deep"
    GOES_IN_CIRCLES = "goes_in_circles"
    TOO_MANY_PARTS = "too_many_parts"
    HUGE_PICTURE = "huge_picture"
    DTD = "dtd"

    ZIP_DAMAGED = "zip_damaged"
    ZIP_JUNK = "zip_junk"
    ZIP_LIES = "zip_lies"
    ZIP_METHOD = "zip_method"
    ZIP_LOCKED = "zip_locked"
    ZIP_MEMBER_NAME = "zip_member_name"
    ZIP_TWICE = "zip_twice"
    ZIP_SPECIAL = "zip_special"
    XML_DAMAGED = "xml_damaged"
    XML_ENCODING = "xml_encoding"
    STYLESHEET = "stylesheet"
    MACRO = "macro"
    EMBEDDED = "embedded"
    ACTIVEX = "activex"
    ADD_IN = "add_in"
    OUTSIDE_CONTENT = "outside_content"
    OUTSIDE_TEMPLATE = "outside_template"
    DATA_SOURCE = "data_source"
    FIELD = "field"
    FILM = "film"
    FOREIGN_PART = "foreign_part"
    SCRIPT = "script"


class FileRejected(Exception):
    """The file is rejected, for this reason."""

    def __init__(self, reason: RejectionReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FileFinding(StrEnum):
    """What the sender should know about a file that is accepted."""

    AUTHOR = "author"
    COMMENTS = "comments"
    CHANGES = "changes"
    EARLIER_VERSIONS = "earlier_versions"
    PLACE = "place"
