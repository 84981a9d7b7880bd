"""The help on screen: all tasks, and one of them with its picture."""

from flask import Blueprint, abort, current_app, render_template

from crm.access import Permission, requires
from crm.help.topics import TOPICS, below, text_of, topic
from crm.markdown import markdown

help_pages = Blueprint("help", __name__, url_prefix="/hilfe")


@help_pages.route("/")
@requires(Permission.SIGNED_IN)
def index():
    """List the tasks."""
    return render_template("help/index.html", topics=TOPICS)


@help_pages.route("/<topic_slug>")
@requires(Permission.SIGNED_IN)
def show(topic_slug):
    """Explain a task; links in its text are addresses of the program."""
    one = topic(topic_slug) or abort(404)
    text = below(current_app.config["PREFIX"], text_of(one))
    return render_template("help/show.html", topic=one, topics=TOPICS, text=markdown(text))
