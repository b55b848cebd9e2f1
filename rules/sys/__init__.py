"""Systems analysis: what a module must measure."""
