"""The audit log: one chain per tenant that shows what was changed behind the application's back."""
