"""The log of files goes after its time; who stands in them goes with it."""

from crm.outputs.models import Output
from crm.retention import doing

doing.deletes("outputs", Output, Output.at)
