"""Going away leaves nothing that fails later."""

from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    def test_saved_filters_on_our_fields_go_with_us(self):
        ours, order, invoice, other = self.env["ir.filters"].create(
            [
                {
                    "name": name,
                    "model_id": model,
                    "domain": domain,
                    "context": context,
                    "user_ids": False,
                }
                for name, model, domain, context in (
                    ("Best", "crm.customer", "[('abc_class', '=', 'a')]", "{}"),
                    ("A", "sale.order", "[('crm_abc_class', '=', 'a')]", "{}"),
                    (
                        "By class",
                        "account.invoice.report",
                        "[]",
                        "{'group_by': ['invoice_date:month', 'crm_abc_class']}",
                    ),
                    ("Other", "crm.customer", "[('partner_id', '!=', False)]", "{}"),
                )
            ]
        )
        uninstall_hook(self.env)
        self.assertFalse((ours | order | invoice).exists())
        self.assertTrue(other.exists())
