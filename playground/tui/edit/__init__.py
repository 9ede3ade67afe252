"""An assistant while it is edited: the session, its checks, its diff, its trials. No widgets here."""
