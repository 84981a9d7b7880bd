"""The registry, sixth part: minutes of talks, who checks them and what they remark."""

from flask_babel import lazy_gettext as _l

from crm.privacy.holdings import BASIS
from crm.privacy.terms import Entry, Processing, Whom
from crm.privacy.workings import SECRET

_PAPER = _l(
    "Released minutes belong to the file; the database refuses to change them. Participants stand in them by "
    "a number."
)

MINUTES = Processing(
    "minutes",
    _l("Minutes of talks"),
    _l("Write down what came of a talk and let those who took part check it."),
    BASIS,
    _l("Staff of the centre; everybody who took part in the talk"),
    _l("Minutes as long as the file is kept; who checked them and remarks as long as the periods say."),
    "minutes",
    _l("Numbers, states and days of minutes and answers."),
    (
        Entry(
            "minutes",
            (Whom.ANYONE, Whom.STAFF),
            mention="title occasion situation results next_meeting message",
            staff="author_id",
            facts="consultation_id state deadline_on silence_agrees round over_at follow_up_id",
        ),
        Entry(
            "minutes_agreements",
            (Whom.ANYONE,),
            mention="text responsible",
            facts="minutes_id position due_on",
        ),
        Entry(
            "minutes_checks",
            (Whom.CONTACT,),
            link="person_id",
            blank="email",
            mention="organisation_name",
            people="person_id",
            kept=(("token_hash", SECRET), ("second_hash", SECRET)),
            facts="minutes_id round answer answered_at reminded_at notice_mark",
        ),
        Entry(
            "minutes_remarks",
            (Whom.CONTACT, Whom.ANYONE),
            link="person_id",
            blank="text",
            people="person_id",
            staff="settled_by_id",
            facts="check_id part outcome",
        ),
        Entry(
            "minutes_releases",
            (Whom.ANYONE, Whom.STAFF),
            staff="released_by_id",
            kept=tuple((name, _PAPER) for name in ("content", "reason", "released_by_name")),
            facts="minutes_id edition released_at document_id digest",
        ),
        Entry(
            "minutes_templates",
            (Whom.ANYONE,),
            mention="occasion situation results next_meeting",
            facts="kind",
        ),  # fmt: skip
    ),
)
