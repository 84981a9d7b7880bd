"""The words of a cooperation: legal forms, roles, steps of a partner, stages of a group."""

from functools import cached_property

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members


class LegalForm(Labelled):
    """The legal form of a cooperation (KGG, HGO, HVwVfG, private law)."""

    WORKING_COMMUNITY = "working-community"
    ZWECKVERBAND = "zweckverband"
    AGREEMENT = "public-law-agreement"
    DELEGATION = "delegation"
    MANDATE = "mandate"
    COMMISSION = "commission"
    INSTITUTION = "joint-institution"
    JOINT_ADMINISTRATION = "joint-administration"
    CONTRACT = "public-law-contract"
    PRIVATE_LAW = "private-law"
    MERGER = "merger"
    FIRE_BRIGADES = "fire-brigades"


class PartnerRole(Labelled):
    """What an organisation is in a group; only the lead and members are required for a step of the group."""

    LEAD = "lead"
    MEMBER = "member"
    OBSERVER = "observer"
    GUEST = "guest"


REQUIRED_ROLES = (PartnerRole.LEAD, PartnerRole.MEMBER)


class Step(Labelled):
    """How far one partner is."""

    CANDIDATE = "candidate"
    INTERESTED = "interested"
    RESOLVED = "resolved"
    SIGNED = "signed"
    ACTIVE = "active"
    LEFT = "left"
    DECLINED = "declined"

    @cached_property
    def rank(self) -> int:
        """Order of the steps forward, from 0; -1 for a way out."""
        return -1 if self in EXITS else FORWARD.index(self)


FORWARD = (Step.CANDIDATE, Step.INTERESTED, Step.RESOLVED, Step.SIGNED, Step.ACTIVE)
EXITS = (Step.LEFT, Step.DECLINED)


class StepSource(Labelled):
    """Where a step is known from."""

    TALK = "talk"
    CALL = "call"
    LETTER = "letter"
    MAIL = "mail"
    RESOLUTION = "resolution"
    PRESS = "press"
    OFFICE = "office"
    IMPORT = "import"


class Stage(Labelled):
    """How far a group is; computed, but for the three that are set by hand with a reason."""

    IDEA = "idea"
    SEARCH = "partner-search"
    STUDY = "study"
    RESOLUTIONS = "resolutions"
    CONTRACT = "contract"
    APPLICATION = "application"
    RUNNING = "running"
    PAUSED = "paused"
    ABANDONED = "abandoned"
    ENDED = "ended"


IN_PROGRESS = (
    Stage.IDEA, Stage.SEARCH, Stage.STUDY, Stage.RESOLUTIONS, Stage.CONTRACT, Stage.APPLICATION,
)  # fmt: skip
# What no longer goes on; a paused group may.
OVER = (Stage.ABANDONED, Stage.ENDED)
HALTS = (Stage.PAUSED, *OVER)

name_members(
    {
        LegalForm.WORKING_COMMUNITY: _l("Joint working group (§§ 3, 4 KGG)"),
        LegalForm.ZWECKVERBAND: _l("Zweckverband (§ 5 KGG)"),
        LegalForm.AGREEMENT: _l("Public-law agreement (§ 24 KGG)"),
        LegalForm.DELEGATION: _l("Public-law agreement: delegation (§ 24 KGG)"),
        LegalForm.MANDATE: _l("Public-law agreement: mandate (§ 24 KGG)"),
        LegalForm.COMMISSION: _l("Commissioning (§ 25a KGG)"),
        LegalForm.INSTITUTION: _l("Joint municipal institution (§ 29a KGG)"),
        LegalForm.JOINT_ADMINISTRATION: _l("Joint administration association (§ 30 KGG)"),
        LegalForm.CONTRACT: _l("Public-law contract (§ 54 HVwVfG)"),
        LegalForm.PRIVATE_LAW: _l("Private law (GmbH, Verein, AG)"),
        LegalForm.MERGER: _l("Voluntary merger (§§ 16 to 18 HGO)"),
        LegalForm.FIRE_BRIGADES: _l("Merger of fire brigades inside one municipality"),
        PartnerRole.LEAD: _l("lead partner"),
        PartnerRole.MEMBER: _l("partner"),
        PartnerRole.OBSERVER: _l("observer"),
        PartnerRole.GUEST: _l("guest from another Land"),
        Step.CANDIDATE: _l("candidate"),
        Step.INTERESTED: _l("interested"),
        Step.RESOLVED: _l("resolved"),
        Step.SIGNED: _l("signed"),
        Step.ACTIVE: _l("active"),
        Step.LEFT: _l("left"),
        Step.DECLINED: _l("declined"),
        StepSource.TALK: _l("Talk"),
        StepSource.CALL: _l("Phone"),
        StepSource.LETTER: _l("Letter"),
        StepSource.MAIL: _l("E-mail"),
        StepSource.RESOLUTION: _l("Resolution"),
        StepSource.PRESS: _l("Press"),
        StepSource.OFFICE: _l("Own suggestion"),
        StepSource.IMPORT: _l("Import"),
        Stage.IDEA: _l("Idea"),
        Stage.SEARCH: _l("Partner search"),
        Stage.STUDY: _l("Study"),
        Stage.RESOLUTIONS: _l("Resolutions"),
        Stage.CONTRACT: _l("Contract"),
        Stage.APPLICATION: _l("Grant application"),
        Stage.RUNNING: _l("running"),
        Stage.PAUSED: _l("paused"),
        Stage.ABANDONED: _l("abandoned"),
        Stage.ENDED: _l("ended"),
    }
)
