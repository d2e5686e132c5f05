from odoo import api, models
from odoo.exceptions import UserError


class CrmImportKnown(models.AbstractModel):
    """Importing the same rows again changes nothing.

    A row without External ID is known by a key of its own (see `_get_import_key`),
    for example source and reference. Of a known row only what differs is written, or
    it is refused where the model says so.
    """

    _name = "crm.import.known"
    _description = "Import of Known Rows"
    _import_refuses_changes = False

    @api.model
    def _get_import_key(self, vals):
        """Return what tells a row apart, hashable, or None for a row without."""
        raise NotImplementedError

    @api.model
    def _find_imported(self, keys):
        """Return {key: record} of those that are there already."""
        raise NotImplementedError

    @api.model
    def _get_import_key_fields(self):
        """Return the names of the columns that only identify a row."""
        return set()

    @api.model
    def _prepare_import_values(self, vals):
        """Return the values of a row as they are written; a hook."""
        return vals

    @api.model
    def _load_records_create(self, vals_list):
        """Create rows that are not there yet; settle the others; return all of them."""
        rows = [self._prepare_import_values(dict(vals)) for vals in vals_list]
        keys = [self._get_import_key(vals) for vals in rows]
        known = self._find_imported({key for key in keys if key is not None})
        fresh = {}
        for number, key in enumerate(keys):
            if key is None or key not in known:
                fresh.setdefault(("row", number) if key is None else key, number)
        created = super()._load_records_create([rows[n] for n in fresh.values()])
        by_row = dict(zip(fresh.values(), created, strict=True))
        known.update(
            {key: by_row[n] for n, key in enumerate(keys) if key and n in by_row}
        )
        for number, (key, vals) in enumerate(zip(keys, rows, strict=True)):
            if number not in by_row:
                by_row[number] = known[key]
                known[key]._settle_known(vals)
        return self.browse([by_row[number].id for number in range(len(rows))])

    def _load_records_write(self, values):
        """Write, of a row with an External ID, only what differs."""
        values = self._prepare_import_values(dict(values))
        differing = {name: values[name] for name in self._get_differing(values)}
        return super()._load_records_write(differing) if differing else None

    def _settle_known(self, vals):
        """Bring the record in self up to date with a row that means it."""
        differing = self._get_differing(vals)
        if not differing:
            return
        if self._import_refuses_changes:
            raise self._prepare_changed_error(differing)
        self.write({name: vals[name] for name in differing})

    def _get_differing(self, vals):
        """Return the names of the fields in which this record differs from a row."""
        self.ensure_one()
        skipped = self._get_import_key_fields()
        return [
            name
            for name, value in vals.items()
            if name in self._fields
            and name not in skipped
            and not self._is_same_value(self._fields[name], value)
        ]

    def _is_same_value(self, field, value):
        """Return whether a value to import is what the record says already."""
        if field.type == "one2many":
            raise UserError(
                self.env._(
                    "%(name)s is there already; import what belongs to it as rows of "
                    "its own.",
                    name=self.display_name,
                )
            )
        if field.type == "many2many":
            new = self.new({field.name: value}, origin=self)[field.name]
            return set(new._origin.ids) == set(self[field.name].ids)
        if field.type == "monetary":
            currency = self[field.get_currency_field(self)]
            return not currency.compare_amounts(self[field.name], value or 0.0)
        mine = field.convert_to_cache(self[field.name], self)
        return (mine or None) == (field.convert_to_cache(value, self) or None)

    def _prepare_changed_error(self, names):
        """Return the error that refuses other values for a known row."""
        labels = self.fields_get(names, ["string"])
        return UserError(
            self.env._(
                "%(name)s is already there with another %(fields)s.",
                name=self.display_name,
                fields=", ".join(labels[name]["string"] for name in names),
            )
        )
