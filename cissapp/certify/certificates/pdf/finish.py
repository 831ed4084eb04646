"""Turns the drawing into a file for the archive: structure, language, colours, description."""

from datetime import UTC, datetime, time
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import ImageCms

from cissapp.certify.certificates.facts import Facts
from cissapp.certify.certificates.pdf.words import Words
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.paper.canvas import Node, Paper

MADE_BY = "CISS"
PRINTED = 4  # an annotation's flag: it is there in print, too

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{address}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag>{languages}</rdf:Bag></dc:language>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdf:Producer>{tool}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def finish(paper: Paper, facts: Facts, words: tuple[Words, ...]) -> bytes:
    """Give the bytes of the file, ready to be signed."""
    paper.showPage()
    paper.save()
    out = BytesIO()
    with pikepdf.open(BytesIO(paper.file.getvalue())) as pdf:
        _structure(pdf, paper.root, words[0].language)
        _colours(pdf)
        _describe(pdf, facts, words)
        pdf.save(
            out,
            preserve_pdfa=True,
            deterministic_id=True,
            fix_metadata_version=False,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


# --- structure ---------------------------------------------------------------------------------


def _structure(pdf: Pdf, root: Node, language: str) -> None:
    """Write the tree of what is what, and which marked drawing each piece is."""
    page = pdf.pages[0].obj
    top = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree = _Tree(pdf, page)
    top.K = tree.element(root, top)
    numbers: list[object] = [0, pdf.make_indirect(Array(tree.marked))]
    for place, element in enumerate(tree.links, 1):
        numbers += [place, element]
    top.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    top.ParentTreeNextKey = len(tree.links) + 1
    page.StructParents, page.Tabs = 0, Name.S
    pdf.Root.StructTreeRoot = top
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


class _Tree:
    """Writes the elements, and remembers which drawing and which link belongs to which."""

    def __init__(self, pdf: Pdf, page: Object) -> None:
        self.pdf, self.page = pdf, page
        self.marked: list[Object] = []
        self.links: list[Object] = []

    def element(self, node: Node, parent: Object) -> Object:
        """Write a node and all that is inside it."""
        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{node.role}"), P=parent, Pg=self.page)
        )
        if node.language:
            made.Lang = String(node.language)
        if node.alternative:
            made.Alt = String(node.alternative)
        if node.box and node.role == "Figure":
            made.A = Dictionary(O=Name.Layout, BBox=Array(list(node.box)), Placement=Name.Block)
        made.K = self._inside(node, made)
        return made

    def _inside(self, node: Node, made: Object) -> object:
        if node.mark is None:
            return Array([self.element(one, made) for one in node.inside])
        self.marked.append(made)
        if not node.link:
            return node.mark
        self.links.append(made)
        return Array([node.mark, self._link(node, len(self.links))])

    def _link(self, node: Node, key: int) -> Object:
        """Let the place be clicked."""
        annotation = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array(list(node.box or ())),
                Border=Array([0, 0, 0]),
                F=PRINTED,
                Contents=String(node.alternative or ""),
                StructParent=key,
                A=Dictionary(S=Name.URI, URI=String(node.link or "")),
            )
        )
        self.page.Annots = Array([annotation])
        return Dictionary(Type=Name.OBJR, Obj=annotation, Pg=self.page)


# --- colours, description ----------------------------------------------------------------------


def _profile() -> bytes:
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # The profile carries the moment it was made; the same certificate must give the same bytes.
    made[24:36] = b"\x07\xea\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
    made[84:100] = bytes(16)
    return bytes(made)


PROFILE = _profile()


def _colours(pdf: Pdf) -> None:
    profile = Stream(pdf, PROFILE, N=3, Alternate=Name.DeviceRGB)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )


def _describe(pdf: Pdf, facts: Facts, words: tuple[Words, ...]) -> None:
    """Say what the file is, twice: for old readers, and as XMP. The certified facts are with it."""
    moment = datetime.combine(facts.decided_on, time(), UTC)
    described = {
        "title": f"{facts.school_name}: {words[0].text.title}",
        "subject": f"CISS {facts.number}, {in_groups(facts.code)}",
        "author": facts.group_name,
        "tool": MADE_BY,
        "moment": moment.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "address": facts.address,
    }
    xml = {name: escape(text) for name, text in described.items()}
    xml["languages"] = "".join(f"<rdf:li>{one.language}</rdf:li>" for one in words)
    pdf.Root.Metadata = Stream(
        pdf, XMP.format(**xml).encode(), Type=Name.Metadata, Subtype=Name.XML
    )
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    stamp = moment.strftime("D:%Y%m%d%H%M%S+00'00'")
    pdf.docinfo.update(
        {
            "/Title": described["title"],
            "/Subject": described["subject"],
            "/Author": described["author"],
            "/Creator": MADE_BY,
            "/Producer": MADE_BY,
            "/CreationDate": stamp,
            "/ModDate": stamp,
        }
    )
    pdf.Root.PieceInfo = Dictionary(
        CISS=Dictionary(LastModified=String(stamp), Private=Stream(pdf, facts.text().encode()))
    )
