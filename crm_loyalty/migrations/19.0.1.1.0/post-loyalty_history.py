"""Class history from before: what each row came from, and the type that holds."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE crm_loyalty_history history
           SET abc_class_before = past.abc_class,
               rfm_segment_before = past.rfm_segment,
               change = CASE WHEN past.id IS NULL THEN 'new'
                             WHEN past.date_to < history.date_from THEN 'returned'
                             WHEN history.abc_class < past.abc_class THEN 'up'
                             WHEN history.abc_class > past.abc_class THEN 'down'
                             WHEN history.rfm_segment <> past.rfm_segment
                             THEN 'segment'
                             ELSE 'same' END
          FROM (SELECT id,
                       LAG(id) OVER customer AS past_id
                  FROM crm_loyalty_history
                WINDOW customer AS (PARTITION BY customer_id
                                    ORDER BY date_from, id)) line
     LEFT JOIN crm_loyalty_history past ON past.id = line.past_id
         WHERE line.id = history.id AND history.change IS NULL
        """
    )
    cr.execute(
        """
        UPDATE crm_loyalty_history history
           SET loyalty_type = customer.loyalty_type
          FROM crm_customer customer
         WHERE customer.id = history.customer_id
           AND history.date_to IS NULL
           AND history.loyalty_type IS NULL
           AND customer.loyalty_type IS NOT NULL
        """
    )
