"""Why a photograph of a page is refused, each with a sentence that says what to do."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class PhotoFault(StrEnum):
    """Why a photograph is refused: one cause, one fault."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    IS_DOCUMENT = "is_document"
    MOVES = "moves"
    OTHER_PICTURE = "other_picture"
    NO_PICTURE = "no_picture"
    HUGE = "huge"
    DAMAGED = "damaged"
    NO_HEIC = "no_heic"
    FEW_PIXELS = "few_pixels"
    DARK = "dark"
    BLURRED = "blurred"
    SMALL_LETTERS = "small_letters"
    UNREADABLE = "unreadable"
    NO_TEXT = "no_text"
    PEOPLE = "people"
    NOT_SEARCHED = "not_searched"


FAULTS: dict[PhotoFault, str] = {
    PhotoFault.EMPTY: N_("The file is empty. Take the photo again."),
    PhotoFault.TOO_LARGE: N_("The photo is larger than 12 MB. Take it with fewer megapixels."),
    PhotoFault.IS_DOCUMENT: N_(
        "This is a document, not a photo. Upload it as a file, with “Upload a document”."
    ),
    PhotoFault.MOVES: N_(
        "This is a video or a moving photo. Turn off “Live” or “Motion photo” and take a still photo."
    ),
    PhotoFault.OTHER_PICTURE: N_(
        "This kind of picture cannot be read here. Send a photo as JPEG, PNG or HEIC."
    ),
    PhotoFault.NO_PICTURE: N_("This is not a photo. Send a JPEG, PNG or HEIC file."),
    PhotoFault.HUGE: N_("The photo has too many pixels. Take it with fewer megapixels."),
    PhotoFault.DAMAGED: N_("The photo is damaged or incomplete. Send it again."),
    PhotoFault.NO_HEIC: N_(
        "HEIC photos cannot be opened here. In the camera’s settings, choose “Most compatible” (JPEG) and take the photo again."
    ),
    PhotoFault.FEW_PIXELS: N_(
        "The photo is too small to read. Send the photo itself, not a preview of it."
    ),
    PhotoFault.DARK: N_("The photo is too dark to read. Take it by a window or turn on a lamp."),
    PhotoFault.BLURRED: N_(
        "The photo is blurred. Hold the phone still, wait until it is sharp, and take it again."
    ),
    PhotoFault.SMALL_LETTERS: N_(
        "The text is too small to read. Move closer, so that one page fills the photo."
    ),
    PhotoFault.UNREADABLE: N_(
        "The text in the photo cannot be read. Lay the page flat in even light, and take the photo from straight above."
    ),
    PhotoFault.NO_TEXT: N_(
        "No text was found in the photo. If the page is handwritten or a drawing, tick the box for that and send it again."
    ),
    PhotoFault.PEOPLE: N_(
        "The photo seems to show a person. Cover every face on the page with paper and take the photo again."
    ),
    PhotoFault.NOT_SEARCHED: N_("The photo could not be checked just now. Send it again."),
}


class PhotoRefused(Exception):
    """A photograph is refused, for this fault."""

    def __init__(self, fault: PhotoFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
