"""The words of funding: stations of an application, its papers, duties after the grant."""

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members


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


name_members(
    {
        StationKind.COUNTY: _l("at the Landkreis"),
        StationKind.REGION: _l("at the Regierungspräsidium"),
        StationKind.MINISTRY: _l("at the ministry"),
        StationKind.HEARING: _l("hearing"),
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
    }
)
