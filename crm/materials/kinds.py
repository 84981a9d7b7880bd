"""What kinds of materials there are, whose they are, and how sure their year is."""

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members


class MaterialKind(Labelled):
    """What kind of material it is."""

    BROCHURE = "brochure"
    GUIDE = "guide"
    SLIDES = "slides"
    TEMPLATE_CONTRACT = "template-contract"
    FAQ = "faq"
    STUDY = "study"
    DOCUMENTATION = "documentation"
    LEAFLET = "leaflet"
    FUNDING_RULES = "funding-rules"
    WEB_PAGE = "web-page"
    REPORT = "report"
    PARLIAMENTARY_PAPER = "parliamentary-paper"
    INTERVIEW = "interview"
    THESIS = "thesis"
    OTHER = "other"


class Whose(Labelled):
    """Whether the centre published it."""

    OWN = "own"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


class YearBasis(Labelled):
    """How sure it is when a version appeared."""

    STATED = "stated"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Language(Labelled):
    """The language a material is written in."""

    GERMAN = "de"
    ENGLISH = "en"
    FRENCH = "fr"
    PLAIN_GERMAN = "de-plain"
    OTHER = "other"


class Movement(Labelled):
    """Why the stock of printed copies changed."""

    IN = "in"
    OUT = "out"
    COUNTED = "counted"


name_members(
    {
        MaterialKind.BROCHURE: _l("Brochure"),
        MaterialKind.GUIDE: _l("Guide"),
        MaterialKind.SLIDES: _l("Slides"),
        MaterialKind.TEMPLATE_CONTRACT: _l("Template contract"),
        MaterialKind.FAQ: _l("Questions and answers"),
        MaterialKind.STUDY: _l("Study"),
        MaterialKind.DOCUMENTATION: _l("Documentation"),
        MaterialKind.LEAFLET: _l("Leaflet"),
        MaterialKind.FUNDING_RULES: _l("Funding directive"),
        MaterialKind.WEB_PAGE: _l("Web page"),
        MaterialKind.REPORT: _l("Report (material)"),
        MaterialKind.PARLIAMENTARY_PAPER: _l("Parliamentary paper"),
        MaterialKind.INTERVIEW: _l("Interview"),
        MaterialKind.THESIS: _l("Thesis"),
        MaterialKind.OTHER: _l("Other material"),
        Whose.OWN: _l("of the centre"),
        Whose.FOREIGN: _l("of others"),
        Whose.UNKNOWN: _l("not known whose"),
        YearBasis.STATED: _l("stated"),
        YearBasis.INFERRED: _l("inferred"),
        YearBasis.UNKNOWN: _l("year not known"),
        Language.GERMAN: _l("German"),
        Language.ENGLISH: _l("English"),
        Language.FRENCH: _l("French"),
        Language.PLAIN_GERMAN: _l("German, easy to read"),
        Language.OTHER: _l("another language"),
        Movement.IN: _l("received"),
        Movement.OUT: _l("taken out"),
        Movement.COUNTED: _l("counted"),
    }
)
