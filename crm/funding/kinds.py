"""The words of funding: stations of an application, its papers, duties after the grant."""

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members


class Light(Labelled):
    """Whether a condition is fulfilled; the value is the tone on screen."""

    OK = "ok"
    WAIT = "wait"
    BAD = "bad"


class Judgement(Labelled):
    """What a person thinks; the rule leaves it to judgement."""

    OPEN = "open"
    YES = "yes"
    NO = "no"


class StationKind(Labelled):
    """Where an application lies; a county or a county-free city begins at the region."""

    COUNTY = "county"
    REGION = "region"
    MINISTRY = "ministry"
    HEARING = "hearing"


class PaperKind(Labelled):
    """What an application consists of; the last two are optional."""

    LETTER = "letter"
    RESOLUTIONS = "resolutions"
    AGREEMENT = "agreement"
    COSTS = "cost-table"
    ASSESSMENT = "assessment"
    STUDY = "study"
    PRESS = "press"


NEEDED = (
    PaperKind.LETTER, PaperKind.RESOLUTIONS, PaperKind.AGREEMENT, PaperKind.COSTS, PaperKind.ASSESSMENT,
)  # fmt: skip


class PaperState(Labelled):
    """How far a paper is."""

    MISSING = "missing"
    DRAFT = "draft"
    PRESENT = "present"


class ObligationKind(Labelled):
    """What is owed after the grant."""

    REPORT = "report"
    PROOF = "proof-of-use"
    REPAYMENT = "repayment"
    OTHER = "other"


class DeadlineKind(Labelled):
    """What a day is for that must not be missed."""

    OBLIGATION = "pflicht"
    REPAYMENT = "rueckzahlung"
    NOTICE = "kuendigung"
    STUDY = "studie"


class Span(Labelled):
    """How far a list of deadlines looks ahead; the value stands in the address."""

    QUARTER = "3"
    YEAR = "12"
    THREE_YEARS = "36"
    ALL = "alle"

    @property
    def months(self) -> int | None:
        """Months ahead; None without an end."""
        return None if self is Span.ALL else int(self.value)


name_members(
    {
        Light.OK: _l("fulfilled"),
        Light.WAIT: _l("to be settled"),
        Light.BAD: _l("missing"),
        Judgement.OPEN: _l("not judged yet"),
        Judgement.YES: _l("yes"),
        Judgement.NO: _l("no"),
        StationKind.COUNTY: _l("at the Landkreis"),
        StationKind.REGION: _l("at the Regierungspräsidium"),
        StationKind.MINISTRY: _l("at the ministry"),
        StationKind.HEARING: _l("in the hearing"),
        PaperKind.LETTER: _l("Letter of application"),
        PaperKind.RESOLUTIONS: _l("Resolutions of all councils"),
        PaperKind.AGREEMENT: _l("Agreement, contract or statutes"),
        PaperKind.COSTS: _l("Table of costs"),
        PaperKind.ASSESSMENT: _l("Assessment of the authority"),
        PaperKind.STUDY: _l("Study"),
        PaperKind.PRESS: _l("Press cuttings"),
        PaperState.MISSING: _l("missing"),
        PaperState.DRAFT: _l("draft"),
        PaperState.PRESENT: _l("there"),
        ObligationKind.REPORT: _l("Report of experience"),
        ObligationKind.PROOF: _l("Proof of use"),
        ObligationKind.REPAYMENT: _l("Repayment"),
        ObligationKind.OTHER: _l("Other duty"),
        DeadlineKind.OBLIGATION: _l("Duty after a grant"),
        DeadlineKind.REPAYMENT: _l("Repayment for a study"),
        DeadlineKind.NOTICE: _l("Notice period of a contract"),
        DeadlineKind.STUDY: _l("Expected study"),
        Span.QUARTER: _l("next 3 months"),
        Span.YEAR: _l("next 12 months"),
        Span.THREE_YEARS: _l("next 3 years"),
        Span.ALL: _l("all"),
    }
)
