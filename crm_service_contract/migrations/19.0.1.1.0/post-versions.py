"""Lines of confirmed contracts get a first version, invoices all their contracts."""


def migrate(cr, _version):
    cr.execute(
        """
        INSERT INTO service_contract_version
               (line_id, contract_id, company_id, date_from, quantity, price_unit,
                discount, create_uid, write_uid, create_date, write_date)
        SELECT line.id, line.contract_id, line.company_id, line.date_start,
               line.quantity, line.price_unit, line.discount,
               1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM service_contract_line line
          JOIN service_contract contract ON contract.id = line.contract_id
         WHERE contract.state NOT IN ('draft', 'cancelled')
           AND NOT EXISTS (SELECT FROM service_contract_version version
                            WHERE version.line_id = line.id)
        """
    )
    cr.execute(
        """
        INSERT INTO service_contract_move_rel (contract_id, move_id)
        SELECT service_contract_id, id FROM account_move
         WHERE service_contract_id IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
    # what waits to be billed again bears the terms of its line
    cr.execute(
        """
        UPDATE service_contract_period period
           SET quantity = line.quantity, price_unit = line.price_unit,
               discount = line.discount
          FROM service_contract_line line
         WHERE line.id = period.line_id AND period.quantity IS NULL
        """
    )
