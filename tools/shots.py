"""The pictures of the documentation: one row each.

name      docs/images/<name>.png
login     who looks (password = login; None: nobody logged in)
url       path; {id} stands for the record that `find` names
wait      CSS selector of what has to be there
"""

from typing import NamedTuple

DESKTOP = (1400, 860)
BOARD = (2140, 900)  # all six stages side by side
PHONE = (390, 844)
BOARD = (2170, 900)  # all six stages side by side

FORM = ".o_form_view .o_form_sheet"
LIST = ".o_list_view .o_data_row"
HORMUZ = [("partner_id.name", "=like", "Hormuz Desalination%")]
CARE = [("name", "=like", "Full care%")]  # the contract that has most to show


class Shot(NamedTuple):
    name: str
    login: str
    url: str
    wait: str
    find: tuple = ()  # (model, domain): its first record is {id}
    size: tuple = DESKTOP
    lang: str = "en_US"
    click: tuple = ()  # selectors, one after another, before the picture
    full: bool = False  # the whole page, not one window


SHOTS = (
    Shot(
        "lifecycle-board",
        *("sara", "/odoo/crm-customers", ".o_kanban_record:not(.o_kanban_ghost)"),
        size=BOARD,
    ),
    Shot(
        "lifecycle-customer",
        *("sara", "/odoo/crm-customers/{id}", FORM),
        find=("crm.customer", HORMUZ),
    ),
    Shot(
        "lifecycle-board-fa",
        *("sara", "/odoo/crm-customers", ".o_kanban_record:not(.o_kanban_ghost)"),
        size=BOARD,
        lang="fa_IR",
    ),
    Shot("loyalty-classes", "sara", "/odoo/customers-by-class", LIST),
    Shot("loyalty-pareto", "sara", "/odoo/customer-pareto", ".o_action canvas"),
    Shot(
        "service-contract",
        *("sara", "/odoo/service-contracts/{id}", FORM),
        find=("service.contract", CARE),
    ),
    Shot(
        "portal-contract",
        *("portal.hormuz", "/my/service-contracts/{id}", "#wrapwrap main h3, main h2"),
        find=("service.contract", CARE),
        size=PHONE,
        full=True,
    ),
    Shot("strategy-kpis", "sara", "/odoo/kpis", f"{LIST}, .o_kanban_record"),
    Shot(
        "strategy-strategy", "sara", "/odoo/strategies/{id}", FORM, ("crm.strategy", [])
    ),
)
