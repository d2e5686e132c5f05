from . import productions, service_contracts, story
