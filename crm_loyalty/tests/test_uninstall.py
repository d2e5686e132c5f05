"""Going away leaves nothing that fails later."""

from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    def test_saved_filters_on_our_fields_go_with_us(self):
        ours, other = self.env["ir.filters"].create(
            [
                {
                    "name": name,
                    "model_id": "crm.customer",
                    "domain": domain,
                    "user_ids": False,
                }
                for name, domain in (
                    ("Best", "[('abc_class', '=', 'a')]"),
                    ("Others", "[('partner_id', '!=', False)]"),
                )
            ]
        )
        uninstall_hook(self.env)
        self.assertFalse(ours.exists())
        self.assertTrue(other.exists())
