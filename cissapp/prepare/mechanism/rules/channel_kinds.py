"""Names for channels: their kinds, and the media that carry a report."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class ChannelKind(StrEnum):
    """The kind of a channel."""

    IN_PERSON = "in_person"
    WRITTEN = "written"
    DIGITAL = "digital"
    OUTSIDE = "outside"


class ChannelMedium(StrEnum):
    """What carries a report to the school; it decides how a drill reaches the channel."""

    CONVERSATION = "conversation"
    BOX = "box"
    MAIL = "mail"
    PHONE = "phone"
    FORM = "form"
    POSTER = "poster"


MEDIUM_NAMES = {
    ChannelMedium.CONVERSATION: N_("A conversation"),
    ChannelMedium.BOX: N_("Letter box"),
    ChannelMedium.MAIL: N_("Email"),
    ChannelMedium.PHONE: N_("Phone"),
    ChannelMedium.FORM: N_("Form on a page"),
    ChannelMedium.POSTER: N_("Poster with a QR code"),
}


CHANNEL_NAMES = {
    ChannelKind.IN_PERSON: N_("In person"),
    ChannelKind.WRITTEN: N_("In writing"),
    ChannelKind.DIGITAL: N_("Digital, without speaking"),
    ChannelKind.OUTSIDE: N_("Outside the school"),
}
