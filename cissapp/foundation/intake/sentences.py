"""Why a file is rejected, and what its sender should know about it, in a head teacher’s words."""

from cissapp.foundation.core.errors import N_
from cissapp.foundation.intake.reasons import FileFinding, RejectionReason

SENTENCES: dict[RejectionReason, str] = {
    RejectionReason.EMPTY: N_("This file is empty. Choose the file again."),
    RejectionReason.TOO_LARGE: N_(
        "This file is larger than 10 MB. Make its pictures smaller, or save it as a smaller PDF."
    ),
    RejectionReason.NAME: N_("The file name must end in .pdf, .docx or .odt."),
    RejectionReason.NAME_DISAGREES: N_(
        "The ending of the file name does not match the content of the file. Open the file, save it under a new name, and upload that."
    ),
    RejectionReason.PICTURE: N_(
        "This is a picture. If it is a photo of a page, choose “Photograph the pages”. Otherwise put it into a document and save that as a PDF."
    ),
    RejectionReason.OLD_WORD: N_(
        "This file is in the old Word format (.doc). Save it as .docx or as a PDF and upload that."
    ),
    RejectionReason.OLD_OFFICE: N_(
        "This file is in an old Office format. Save it as .docx or as a PDF and upload that."
    ),
    RejectionReason.LOCKED_OFFICE: N_(
        "This file is locked with a password. Remove the password, save it, and upload that."
    ),
    RejectionReason.RICH_TEXT: N_(
        "This file is in Rich Text Format (.rtf). Save it as .docx, .odt or as a PDF and upload that."
    ),
    RejectionReason.WEB_PAGE: N_("This is a web page. Save it as a PDF and upload that."),
    RejectionReason.PROGRAM: N_("This is a program, not a document."),
    RejectionReason.ARCHIVE: N_(
        "This is an archive of files, not a document. Take the document out of it and upload that."
    ),
    RejectionReason.UNKNOWN_KIND: N_(
        "This is not a PDF, Word (.docx) or OpenDocument (.odt) file."
    ),
    RejectionReason.SPREADSHEET: N_(
        "This is a spreadsheet, not a text document. Save it as a PDF and upload that."
    ),
    RejectionReason.PRESENTATION: N_(
        "This is a presentation, not a text document. Save it as a PDF and upload that."
    ),
    RejectionReason.TEMPLATE: N_(
        "This is a template, not a document. Save it as a document (.docx or .odt) or as a PDF."
    ),
    RejectionReason.OTHER_OPENDOCUMENT: N_(
        "This OpenDocument file is not a text document. Save it as .odt or as a PDF and upload that."
    ),
    RejectionReason.TWO_KINDS: N_(
        "This file is two kinds of file in one, which can be a way to hide something. Save the document as a new PDF and upload that."
    ),
    RejectionReason.VIRUS: N_(
        "The virus check found something harmful in this file. Do not open or share it. Ask the person who looks after your computers for help."
    ),
    RejectionReason.NOT_CHECKED: N_(
        "This file could not be checked. Save it as a new PDF and upload that. If that fails too, ask the secretariat."
    ),
    RejectionReason.NOT_SCANNED: N_(
        "The virus check is not working, so no file can be uploaded now. Try again later."
    ),
    RejectionReason.PDF_DAMAGED: N_(
        "This PDF is damaged. Open the original document, save it as a PDF again, and upload that."
    ),
    RejectionReason.PDF_JUNK_BEFORE: N_(
        "There is something else in this file before the PDF begins. Save the document as a new PDF and upload that."
    ),
    RejectionReason.PDF_CUT_OFF: N_(
        "The end of this PDF is missing. It may not have been copied or downloaded fully."
    ),
    RejectionReason.PDF_JUNK_AFTER: N_(
        "There is something else in this file after the end of the PDF. Save the document as a new PDF and upload that."
    ),
    RejectionReason.PDF_LOCKED: N_(
        "This PDF is locked with a password or protected against changes. Save it without protection and upload that."
    ),
    RejectionReason.PDF_SCRIPT: N_(
        "This PDF contains a program (JavaScript). Save it as a plain PDF, or print it to a PDF, and upload that."
    ),
    RejectionReason.PDF_PROGRAM_START: N_(
        "This PDF can start a program or open another file on the reader’s computer. Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_SENDS_FORM: N_(
        "This PDF has a form that sends what is filled in to someone else. Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_IMPORTS_DATA: N_(
        "This PDF reads data from other files. Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_OTHER_FILE: N_(
        "This PDF links to another file on a computer or in a network. Remove such links and save it again."
    ),
    RejectionReason.PDF_FILM: N_(
        "This PDF contains a video, sound or moving object. Remove it and save the PDF again."
    ),
    RejectionReason.PDF_EMBEDDED: N_(
        "There is another file attached inside this PDF. Upload that file on its own, and this PDF without it."
    ),
    RejectionReason.PDF_XFA: N_(
        "This PDF is a type of form that only some programs can show (XFA). Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_ACTS_ALONE: N_(
        "This PDF does things automatically, for example when a page is opened. Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_OPENS_WITH_ACTION: N_(
        "This PDF does something automatically as soon as it is opened. Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_UNKNOWN_ACTION: N_(
        "This PDF has a button or link that does something unusual. Print it to a PDF and upload that."
    ),
    RejectionReason.PDF_NO_PAGES: N_("This PDF has no pages."),
    RejectionReason.PDF_TOO_MANY_PAGES: N_(
        "This PDF has more than 3,000 pages. Upload the part that matters."
    ),
    RejectionReason.PDF_PAGE_SIZE: N_(
        "A page of this PDF has an impossible size. Save the document as a new PDF and upload that."
    ),
    RejectionReason.PDF_FILTER: N_(
        "Part of this PDF is packed in a way that cannot be checked. Save the document as a new PDF and upload that."
    ),
    RejectionReason.PDF_POSTSCRIPT: N_(
        "This PDF contains commands for a printer (PostScript). Print it to a PDF and upload that."
    ),
    RejectionReason.LINK: N_(
        "A link in this file does not lead to a web page, email address or telephone number. Remove that link and save the file again."
    ),
    RejectionReason.UNPACKS_HUGE: N_(
        "This file unpacks to far more than a document needs, which can stop a computer working. Save the document as a new file and upload that."
    ),
    RejectionReason.NESTED_TOO_DEEP: N_(
        "The parts of this file are nested far deeper than in a usual document. Save the document as a new file and upload that."
    ),
    RejectionReason.GOES_IN_CIRCLES: N_(
        "Parts of this file point to each other in a circle. Save the document as a new file and upload that."
    ),
    RejectionReason.TOO_MANY_PARTS: N_(
        "This file has far more parts than a usual document. Save the document as a new file and upload that."
    ),
    RejectionReason.HUGE_PICTURE: N_(
        "A picture in this file has too many pixels. Make the picture smaller and save the document again."
    ),
    RejectionReason.DTD: N_(
        "This file defines its own contents in a way that can read other files. Save the document as a new file and upload that."
    ),
    RejectionReason.ZIP_DAMAGED: N_(
        "This file is damaged. Open the document, save it as a new file, and upload that."
    ),
    RejectionReason.ZIP_JUNK: N_(
        "There is something hidden in this file in addition to the document. Save the document as a new file and upload that."
    ),
    RejectionReason.ZIP_LIES: N_(
        "This file contradicts itself about its own parts. Save the document as a new file and upload that."
    ),
    RejectionReason.ZIP_METHOD: N_(
        "This file is packed in an unusual way. Save the document as a new file and upload that."
    ),
    RejectionReason.ZIP_LOCKED: N_(
        "Parts of this file are locked with a password. Remove the password, save it, and upload that."
    ),
    RejectionReason.ZIP_MEMBER_NAME: N_(
        "A part inside this file has a forbidden name. Save the document as a new file and upload that."
    ),
    RejectionReason.ZIP_TWICE: N_(
        "This file contains the same part twice. Save the document as a new file and upload that."
    ),
    RejectionReason.ZIP_SPECIAL: N_(
        "There is a shortcut to another place inside this file. Save the document as a new file and upload that."
    ),
    RejectionReason.XML_DAMAGED: N_(
        "Part of this document is damaged. Open the document, save it as a new file, and upload that."
    ),
    RejectionReason.XML_ENCODING: N_(
        "Part of this document is written in an unusual character set. Save the document as a new file and upload that."
    ),
    RejectionReason.STYLESHEET: N_(
        "This document loads its styles from elsewhere. Save it as a new file and upload that."
    ),
    RejectionReason.MACRO: N_(
        "This document contains a program (macro). Save it without macros, as .docx, .odt or PDF, and upload that."
    ),
    RejectionReason.EMBEDDED: N_(
        "There is another file or object inside this document, such as a table or chart from another program. Replace it with a picture, or save the document as a PDF."
    ),
    RejectionReason.ACTIVEX: N_(
        "This document contains active controls (ActiveX). Remove them, or save the document as a PDF."
    ),
    RejectionReason.ADD_IN: N_(
        "This document contains an add-in or its own buttons. Save it as a PDF and upload that."
    ),
    RejectionReason.OUTSIDE_CONTENT: N_(
        "This document loads a picture or other content from outside when it is opened. Put the picture into the document itself, or save it as a PDF."
    ),
    RejectionReason.OUTSIDE_TEMPLATE: N_(
        "This document is linked to a template in another place. Remove the link to the template, or save the document as a PDF."
    ),
    RejectionReason.DATA_SOURCE: N_(
        "This document is linked to a list or database, as in a mail merge. End the mail merge, or save the document as a PDF."
    ),
    RejectionReason.FIELD: N_(
        "This document has a field that fetches content from other files or starts a program. Replace the field with plain text, or save the document as a PDF."
    ),
    RejectionReason.FILM: N_(
        "This document contains a video or sound. Remove it, or save the document as a PDF."
    ),
    RejectionReason.FOREIGN_PART: N_(
        "There is something in this document that does not belong in a text document. Save it as a PDF and upload that."
    ),
    RejectionReason.SCRIPT: N_(
        "This document contains a program (script). Save it as a PDF and upload that."
    ),
}

FINDINGS: dict[FileFinding, str] = {
    FileFinding.AUTHOR: N_(
        "The file contains the name of the person or computer account that wrote it. Reviewers get a copy without that name."
    ),
    FileFinding.COMMENTS: N_(
        "The file contains comments. Reviewers will see them, but not the names of the people who wrote them."
    ),
    FileFinding.CHANGES: N_(
        "The file contains tracked changes. Reviewers can read what was deleted, but not who changed it."
    ),
    FileFinding.EARLIER_VERSIONS: N_(
        "The file may still contain an earlier version of its text. The copy for reviewers contains only the latest one."
    ),
    FileFinding.PLACE: N_(
        "A photo in the file shows where it was taken. Reviewers get a copy without the location."
    ),
}
