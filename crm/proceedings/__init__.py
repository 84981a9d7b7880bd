"""What runs beside the partners: feasibility studies, and approvals or notices to the authority."""
