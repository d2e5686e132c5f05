"""The pictures of the documentation: one row each.

name      docs/images/<name>.png
login     who looks (password = login; None: nobody logged in)
url       path; {id} stands for the record that `find` names
wait      CSS selector of what has to be there
"""

from typing import NamedTuple

DESKTOP = (1400, 860)
PHONE = (390, 844)
BOARD = (2170, 900)  # all six stages side by side

FORM = ".o_form_view .o_form_sheet"
LIST = ".o_list_view .o_data_row"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
ANALYSIS = ".o_crm_lifecycle_cohorts"
MAP = ".o_touchpoint"
MATRIX = ".o_process_matrix_bubble"
DIALOG = ".modal .o_form_view"
CANVAS = ".o_action canvas"
HORMUZ = [("partner_id.name", "=like", "Hormuz Desalination%")]
TRIAL = [("active", "=", False), ("kind", "=", "silence")]  # a rule that is tried
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
        *("sara", "/odoo/crm-customers", CARD),
        size=BOARD,
    ),
    Shot(
        "lifecycle-customer",
        *("sara", "/odoo/crm-customers/{id}", FORM),
        find=("crm.customer", HORMUZ),
    ),
    Shot(
        "lifecycle-board-fa",
        *("sara", "/odoo/crm-customers", CARD),
        size=BOARD,
        lang="fa_IR",
    ),
    Shot(
        "lifecycle-customer-phone",
        *("omid", "/odoo/crm-customers/{id}", ".o_crm_timeline_entry"),
        find=("crm.customer", HORMUZ),
        size=PHONE,
    ),
    Shot(
        "lifecycle-contact",
        *("omid", "/odoo/crm-customers/{id}", DIALOG),
        find=("crm.customer", HORMUZ),
        click=(".o_statusbar_buttons button[name=action_contact]",),
    ),
    Shot(
        "lifecycle-why",
        *("sara", "/odoo/crm-customers/{id}", DIALOG),
        find=("crm.customer", HORMUZ),
        click=("button[name=action_why]",),
    ),
    Shot(
        "lifecycle-rule-trial",
        *("sara", "/odoo/crm-lifecycle-rules/{id}", DIALOG),
        find=("crm.lifecycle.rule", TRIAL),
        click=("button[name=action_try]",),
    ),
    Shot("lifecycle-analysis", "sara", "/odoo/crm-lifecycle-analysis", ANALYSIS),
    Shot(
        "lifecycle-analysis-fa",
        *("sara", "/odoo/crm-lifecycle-analysis", ANALYSIS),
        lang="fa_IR",
    ),
    Shot("lifecycle-touchpoints", "sara", "/odoo/crm-touchpoint-map", MAP),
    Shot("lifecycle-processes", "sara", "/odoo/crm-process-matrix", MATRIX),
    Shot("lifecycle-segments", "sara", "/odoo/crm-segments", CARD),
    Shot("lifecycle-data-review", "sara", "/odoo/crm-data-review", LIST),
    Shot(
        "lifecycle-duplicate",
        *("sara", "/odoo/crm-duplicates/{id}", FORM),
        find=("crm.duplicate", [("score", ">", 90)]),
    ),
    Shot("lifecycle-collection", "sara", "/odoo/crm-collection-plan", LIST),
    Shot("loyalty-classes", "sara", "/odoo/customers-by-class", LIST),
    Shot("loyalty-pareto", "sara", "/odoo/customer-pareto", CANVAS),
    Shot("loyalty-pareto-fa", "sara", "/odoo/customer-pareto", CANVAS, lang="fa_IR"),
    Shot(
        "loyalty-policy",
        *("sara", "/odoo/loyalty-policy/{id}", FORM),
        find=("crm.loyalty.policy", []),
    ),
    Shot("loyalty-heat-map", "sara", "/odoo/customer-rfm", ".o_action table"),
    Shot("loyalty-migration", "sara", "/odoo/loyalty-migration", ".o_action table"),
    Shot("loyalty-whale", "sara", "/odoo/customer-whale-curve", CANVAS),
    Shot("loyalty-equity", "sara", "/odoo/customer-equity", CANVAS),
    Shot(
        "loyalty-customer",
        *("sara", "/odoo/crm-customers/{id}", FORM),
        find=("crm.customer", HORMUZ),
        click=(".o_notebook a[name=loyalty]",),
    ),
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
