"""The pictograms: what each sign means, and its hand-drawn outline on a grid of 24 by 24."""

from enum import StrEnum

from cissapp.prepare.mechanism.rules import ChannelMedium


class Sign(StrEnum):
    """The meaning of a pictogram."""

    TALK = "talk"
    BOX = "box"
    MAIL = "mail"
    PHONE = "phone"
    FORM = "form"
    OUTSIDE = "outside"
    HOME = "home"
    NOT_YOUR_FAULT = "not_your_fault"
    PROTECTED = "protected"
    PRIVATE = "private"
    NO_PICTURES = "no_pictures"
    LISTEN = "listen"
    TODAY = "today"
    FRIENDLY = "friendly"
    TRUSTED = "trusted"


SIDE = 24.0
_RING = "M12 3 C16.97 3 21 7.03 21 12 C21 16.97 16.97 21 12 21 C7.03 21 3 16.97 3 12 C3 7.03 7.03 3 12 3 Z"
_BUBBLE = (
    "M5 3.5 L19 3.5 C20.7 3.5 22 4.8 22 6.5 L22 14 C22 15.7 20.7 17 19 17 L12.5 17 L7.5 21 L7.5 17"
    " L5 17 C3.3 17 2 15.7 2 14 L2 6.5 C2 4.8 3.3 3.5 5 3.5 Z"
)

OUTLINES = {
    Sign.TALK: (
        "M4 4 L14.5 4 C15.6 4 16.5 4.9 16.5 6 L16.5 10.5 C16.5 11.6 15.6 12.5 14.5 12.5 L9 12.5"
        " L5.5 15.5 L5.5 12.5 L4 12.5 C2.9 12.5 2 11.6 2 10.5 L2 6 C2 4.9 2.9 4 4 4 Z"
        " M19.5 8.5 L20 8.5 C21.1 8.5 22 9.4 22 10.5 L22 15 C22 16.1 21.1 17 20 17 L18.5 17"
        " L18.5 20 L15 17 L11.5 17"
    ),
    Sign.BOX: (
        "M3 10.5 L21 10.5 L21 20.5 L3 20.5 Z M8 15 L16 15"
        " M7 10.5 L7 3.5 L17 3.5 L17 10.5 M7 3.5 L12 7.5 L17 3.5"
    ),
    Sign.MAIL: "M3 5.5 L21 5.5 L21 18.5 L3 18.5 Z M3 6 L12 13 L21 6",
    Sign.PHONE: (
        "M6.5 3.5 L9.5 3.5 L11 8 L8.8 9.8 C9.9 12.2 11.8 14.1 14.2 15.2 L16 13 L20.5 14.5"
        " L20.5 17.5 C20.5 19.2 19.2 20.5 17.5 20.5 C9.8 20.2 3.8 14.2 3.5 6.5"
        " C3.5 4.8 4.8 3.5 6.5 3.5 Z"
    ),
    Sign.FORM: (
        "M8 2.5 L16 2.5 C17.1 2.5 18 3.4 18 4.5 L18 19.5 C18 20.6 17.1 21.5 16 21.5 L8 21.5"
        " C6.9 21.5 6 20.6 6 19.5 L6 4.5 C6 3.4 6.9 2.5 8 2.5 Z"
        " M9.5 7 L14.5 7 M9.5 10.5 L14.5 10.5 M9.5 14 L12 14 M11 18.3 L13 18.3"
    ),
    Sign.OUTSIDE: (
        f"{_RING} M12 8.5 C13.93 8.5 15.5 10.07 15.5 12 C15.5 13.93 13.93 15.5 12 15.5"
        " C10.07 15.5 8.5 13.93 8.5 12 C8.5 10.07 10.07 8.5 12 8.5 Z"
        " M5.64 5.64 L9.53 9.53 M18.36 5.64 L14.47 9.53 M18.36 18.36 L14.47 14.47"
        " M5.64 18.36 L9.53 14.47"
    ),
    Sign.HOME: (
        "M3 11.5 L12 4 L21 11.5 M5.5 9.5 L5.5 20 L18.5 20 L18.5 9.5"
        " M12 17 C10 15.6 9 14.6 9 13.3 C9 12.4 9.7 11.8 10.4 11.8 C11.1 11.8 11.7 12.2 12 12.8"
        " C12.3 12.2 12.9 11.8 13.6 11.8 C14.3 11.8 15 12.4 15 13.3 C15 14.6 14 15.6 12 17 Z"
    ),
    Sign.NOT_YOUR_FAULT: (
        "M12 20 C6.5 16.2 3 13 3 9 C3 6.2 5.2 4.2 7.7 4.2 C9.5 4.2 11.1 5.2 12 6.8"
        " C12.9 5.2 14.5 4.2 16.3 4.2 C18.8 4.2 21 6.2 21 9 C21 13 17.5 16.2 12 20 Z"
    ),
    Sign.PROTECTED: (
        "M12 2.8 L20 5.5 L20 11 C20 16 16.7 19.6 12 21.2 C7.3 19.6 4 16 4 11 L4 5.5 Z"
        " M8.3 11.8 L11 14.5 L15.8 9.3"
    ),
    Sign.PRIVATE: (
        "M6 11 L18 11 L18 20.5 L6 20.5 Z M12 14.7 L12 16.8"
        " M8.5 11 L8.5 7.5 C8.5 5.5 10 4 12 4 C14 4 15.5 5.5 15.5 7.5 L15.5 11"
    ),
    Sign.NO_PICTURES: (
        "M4 5 L20 5 L20 19 L4 19 Z M4 16 L9 11.5 L12.5 14.5 L15 12.5 L20 16 M3 21.5 L21 2.5"
    ),
    Sign.LISTEN: (
        "M7 14 C6 12.5 5.5 11 5.5 9 C5.5 5.4 8.3 2.8 12 2.8 C15.7 2.8 18.5 5.4 18.5 9"
        " C18.5 12 16.8 13.2 15.5 14.7 C14.6 15.8 14.7 17 14.2 18.5 C13.7 20.2 12.4 21.2 10.8 21.2"
        " C9.2 21.2 8 20.2 7.6 18.8 M9 9 C9 7.3 10.3 6.2 12 6.2 C13.7 6.2 15 7.3 15 9"
        " C15 10.6 13.8 11.2 13 12 C12.3 12.7 12 13.3 12 14.2"
    ),
    Sign.TODAY: f"{_RING} M12 7 L12 12 L15.5 14",
    Sign.FRIENDLY: (
        f"{_BUBBLE} M9 7.6 L9 8.8 M15 7.6 L15 8.8"
        " M7.8 11.2 C8.8 13 10.3 13.7 12 13.7 C13.7 13.7 15.2 13 16.2 11.2"
    ),
    Sign.TRUSTED: (
        f"{_BUBBLE} M12 14 C9.2 12 7.8 10.6 7.8 8.8 C7.8 7.5 8.8 6.6 9.9 6.6"
        " C10.8 6.6 11.6 7.1 12 7.9 C12.4 7.1 13.2 6.6 14.1 6.6 C15.2 6.6 16.2 7.5 16.2 8.8"
        " C16.2 10.6 14.8 12 12 14 Z"
    ),
}

SIGN_OF_MEDIUM = {
    ChannelMedium.CONVERSATION: Sign.TALK,
    ChannelMedium.BOX: Sign.BOX,
    ChannelMedium.MAIL: Sign.MAIL,
    ChannelMedium.PHONE: Sign.PHONE,
    ChannelMedium.FORM: Sign.FORM,
    ChannelMedium.POSTER: Sign.FORM,
}
