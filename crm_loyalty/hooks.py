import re
from collections import defaultdict


def uninstall_hook(env):
    """Remove saved filters that use the fields which go away."""
    names = _get_our_fields(env)
    filters = env["ir.filters"].with_context(active_test=False)
    for saved in filters.search([("model_id", "in", list(names))]):
        words = set(re.findall(r"\w+", f"{saved.domain} {saved.context} {saved.sort}"))
        if words & names[saved.model_id]:
            saved.unlink()


def _get_our_fields(env):
    """Return {model: names of the fields that this addon alone has put there}."""
    known = env["ir.model.data"].search(
        [("module", "=", "crm_loyalty"), ("model", "=", "ir.model.fields")]
    )
    names = defaultdict(set)
    for field in env["ir.model.fields"].browse(known.mapped("res_id")):
        if field.modules == "crm_loyalty":
            names[field.model].add(field.name)
    return names
