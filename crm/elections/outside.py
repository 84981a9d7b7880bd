"""Who reads what leaves the house: somebody who may see content and nothing confidential."""

from crm.access import Permission


class Outsider:
    """A reader outside of the centre; what a paper says is asked in this name, whoever prints it."""

    def may(self, permission: Permission) -> bool:
        """Tell what an outsider may: read content, neither what is confidential nor figures of the staff."""
        return permission is Permission.READ_CONTENT


OUTSIDE = Outsider()
