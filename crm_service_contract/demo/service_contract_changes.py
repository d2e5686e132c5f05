from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models


class ServiceContractChangesDemo(models.AbstractModel):
    """What has changed in the contracts of the demo company, and what was counted."""

    _inherit = "crm.lifecycle.demo"

    @api.model
    def _load_service_changes(self):
        company = self.env.ref("crm_lifecycle.demo_company")
        changes = self.env["service.contract.change"]
        if changes.search_count(
            [("company_id", "=", company.id), ("kind", "!=", "end")]
        ):
            return
        self = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True, lang="en_US"
        )
        today = fields.Date.context_today(self)
        next_month = today + relativedelta(months=1, day=1)
        self._make_change(
            "hormuz_care",
            "price",
            "Yearly revision by the index of services",
            date_from=next_month,
            price_method="index",
            index_name="Prices of services",
            index_base=118.2,
            index_base_date=today + relativedelta(years=-1, month=1, day=1),
            index_value=124.9,
            index_date=today + relativedelta(month=1, day=1),
            index_source="Statistical Centre of Iran",
        )._apply()
        upsell = self._make_change(
            "caspian_watch", "quantity", "Two more pumping stations", date_from=today
        )
        upsell.line_ids.quantity = 14
        upsell._apply()
        self._make_change(
            "pardis_clean",
            "pause",
            "The clean room is rebuilt",
            date_from=next_month,
            date_to=next_month + relativedelta(day=31),
        ).sudo().state = "to_approve"
        self._load_usage(next_month)

    def _make_change(self, key, kind, reason, **values):
        contract = self.env.ref(f"crm_service_contract.demo_contract_{key}")
        return self.env["service.contract.change"].create(
            {
                "contract_id": contract.id,
                "kind": kind,
                "reason": reason,
                "notify_customer": False,
                "line_ids": [
                    Command.create({"line_id": line.id}) for line in contract.line_ids
                ],
                **values,
            }
        )

    def _load_usage(self, next_month):
        """Call-outs of the dairy, billed by the hour at the end of the month."""
        contract = self.env.ref("crm_service_contract.demo_contract_zagros_hygiene")
        month = next_month - relativedelta(months=1)
        line = self.env["service.contract.line"].create(
            {
                "contract_id": contract.id,
                "product_id": contract.line_ids[0].product_id.id,
                "name": "Call-outs at night, by the hour",
                "quantity_source": "usage",
                "billing_mode": "post",
                "price_unit": 95.0,
                "date_start": month,
            }
        )
        self.env["service.contract.usage"].create(
            [
                {"line_id": line.id, "date": month, "quantity": hours, "name": what}
                for hours, what in (
                    (2.5, "Pump of the filling line stopped"),
                    (1.0, "False alarm of the flow sensor"),
                )
            ]
        )
