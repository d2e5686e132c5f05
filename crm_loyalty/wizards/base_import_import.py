from odoo import models

from odoo.addons.base_import.models.base_import import ImportValidationError


class BaseImportImport(models.TransientModel):
    """An amount that is none is shown with its row, as all other errors are."""

    _inherit = "base_import.import"

    def _parse_float_from_data(self, data, index, name, options):
        try:
            return super()._parse_float_from_data(data, index, name, options)
        except ImportValidationError as error:
            if self.res_model == "crm.purchase.history":
                # Odoo leaves False where it stopped
                row = [line[index] for line in data].index(False)
                error.rows = {"from": row, "to": row}
            raise
