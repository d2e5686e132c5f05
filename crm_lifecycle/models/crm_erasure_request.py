from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MANAGER_GROUP = "crm_lifecycle.group_manager"


class CrmErasureRequest(models.Model):
    """A person asks to be forgotten: who asked, on what basis, and what was done.

    The request keeps counts, never content; see crm_erasure.py for what is erased and
    what the law makes us keep.
    """

    _name = "crm.erasure.request"
    _description = "Erasure Request"
    _inherit = ["crm.erasure"]
    _order = "request_date desc, id desc"
    _rec_name = "code"

    code = fields.Char("Request Number", compute="_compute_code")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("done", "Erased"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="requested",
    )
    request_date = fields.Date(
        "Asked on", required=True, default=fields.Date.context_today
    )
    asked_by = fields.Selection(
        [
            ("person", "The person"),
            ("representative", "A representative"),
            ("authority", "An authority"),
            ("ourselves", "Ourselves"),
        ],
        required=True,
        default="person",
    )
    legal_basis = fields.Selection(
        [
            ("withdrawn", "Consent was withdrawn"),
            ("purpose", "The purpose is over"),
            ("objection", "The person objects"),
            ("unlawful", "We should not have had the data"),
            ("duty", "A law or court demands it"),
        ],
        required=True,
        default="objection",
        help="Why we have to erase.",
    )
    remark = fields.Text(help="Do not repeat here what is to be erased.")
    user_id = fields.Many2one(
        "res.users", "Handled by", default=lambda self: self.env.user, readonly=True
    )
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    approved_at = fields.Datetime("Approved", readonly=True)
    done_at = fields.Datetime("Erased", readonly=True)
    kept_text = fields.Text("Kept by Law", compute="_compute_texts", compute_sudo=True)
    erased_text = fields.Text(
        "Will Be Erased", compute="_compute_texts", compute_sudo=True
    )
    result = fields.Text(readonly=True, help="Counts of what was erased.")

    @api.depends("request_date")
    def _compute_code(self):
        for request in self:
            request.code = self.env._("Erasure %(number)s", number=request.id or "")

    @api.depends("partner_id", "state")
    def _compute_texts(self):
        for request in self:
            kept, erased = {}, {}
            if request.partner_id and request.state != "done":
                kept, erased = request._count_kept(), request._count_erased()
            request.kept_text = request._to_text(kept)
            request.erased_text = request._to_text(erased)

    @api.constrains("partner_id")
    def _check_partner(self):
        for request in self:
            request._check_erasable()

    def write(self, vals):
        """Write; a request that was carried out stays as it is."""
        if not self.env.su and any(request.state == "done" for request in self):
            raise UserError(self.env._("What was erased cannot be changed any more."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_done(self):
        if any(request.state == "done" for request in self):
            raise UserError(self.env._("The record of an erasure has to be kept."))

    def action_approve(self):
        """Allow the erasure."""
        self._check_manager()
        self.filtered(lambda r: r.state == "requested").write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )
        return True

    def action_refuse(self):
        """Do not erase; the remark should tell why."""
        self._check_manager()
        open_ones = self.filtered(lambda r: r.state in ("requested", "approved"))
        open_ones.write({"state": "refused"})
        return True

    def action_erase(self):
        """Erase what may be erased; asking twice changes nothing.

        :raise UserError: when a request is not approved
        """
        self._check_manager()
        for request in self.filtered(lambda r: r.state != "done"):
            if request.state != "approved":
                raise UserError(
                    self.env._("%(code)s is not approved.", code=request.code)
                )
            request._check_erasable()
            # approved by a manager, who may lack rights on single documents
            request.sudo()._erase()
        return True

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only managers decide on erasures."))
        self.check_access("write")

    @api.model
    def _get_erased(self, partners):
        """Return those of the contacts that were erased."""
        done = self.search([("partner_id", "in", partners.ids), ("state", "=", "done")])
        return done.partner_id

    @api.model
    def _to_text(self, counts):
        return "\n".join(
            f"{label}: {count}" for label, count in counts.items() if count
        )
