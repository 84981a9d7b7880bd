"""Who read the texts of confidential talks; never what they say."""
