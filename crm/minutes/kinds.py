"""The words of minutes: how far they are, their parts, and what somebody answered."""

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members


class MinutesState(Labelled):
    """How far minutes are."""

    DRAFT = "draft"
    IN_CHECK = "in-check"
    RELEASED = "released"


class Part(Labelled):
    """A part of minutes; remarks are made about one of them."""

    OCCASION = "occasion"
    PARTICIPANTS = "participants"
    SITUATION = "situation"
    RESULTS = "results"
    AGREEMENTS = "agreements"
    NEXT_MEETING = "next-meeting"


class CheckAnswer(Labelled):
    """What somebody said to minutes that were sent to be checked."""

    WAITING = "waiting"
    AGREED = "agreed"
    REMARKED = "remarked"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


class Outcome(Labelled):
    """What the author did with a remark."""

    OPEN = "open"
    TAKEN_OVER = "taken-over"
    NOT_TAKEN_OVER = "not-taken-over"


# What the author still has to write; minutes with such a gap go to nobody.
GAP = "[…]"
# The parts an author writes as running text: the column of each.
WRITTEN = {
    Part.OCCASION: "occasion",
    Part.SITUATION: "situation",
    Part.RESULTS: "results",
    Part.NEXT_MEETING: "next_meeting",
}

name_members(
    {
        MinutesState.DRAFT: _l("draft"),
        MinutesState.IN_CHECK: _l("being checked"),
        MinutesState.RELEASED: _l("released"),
        Part.OCCASION: _l("Occasion"),
        Part.PARTICIPANTS: _l("Participants"),
        Part.SITUATION: _l("State of affairs"),
        Part.RESULTS: _l("Results"),
        Part.AGREEMENTS: _l("Arrangements"),
        Part.NEXT_MEETING: _l("Next meeting"),
        CheckAnswer.WAITING: _l("no answer yet"),
        CheckAnswer.AGREED: _l("agrees"),
        CheckAnswer.REMARKED: _l("has remarks"),
        CheckAnswer.SILENT: _l("did not answer"),
        CheckAnswer.WITHDRAWN: _l("check withdrawn"),
        Outcome.OPEN: _l("open"),
        Outcome.TAKEN_OVER: _l("taken over"),
        Outcome.NOT_TAKEN_OVER: _l("not taken over"),
    }
)
